package io.auspex.series.control;

/** From the stored ids of series, of all tenants, to their refs: for rows of the log, which name series by id. */
final class SeriesIds {
    /** Open addressing; 0 where free, since ids begin at 1. They stay below 2^31 (ADR 022). */
    private int[] ids = new int[1 << 10];

    private int[] refs = new int[1 << 10];
    private int size;

    void put(long id, int ref) {
        if (2 * size >= ids.length) {
            grow();
        }
        int at = slot((int) id);
        size += ids[at] == 0 ? 1 : 0;
        ids[at] = (int) id;
        refs[at] = ref;
    }

    /** The ref of a stored series, -1 when none is known. */
    int ref(long id) {
        int at = slot((int) id);
        return ids[at] == 0 ? -1 : refs[at];
    }

    private int slot(int id) {
        int mask = ids.length - 1;
        int at = ((id * 0x9E3779B9) >>> 7) & mask;
        while (ids[at] != 0 && ids[at] != id) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldIds = ids;
        int[] oldRefs = refs;
        ids = new int[oldIds.length * 2];
        refs = new int[ids.length];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int at = slot(oldIds[i]);
                ids[at] = oldIds[i];
                refs[at] = oldRefs[i];
            }
        }
    }

    int size() {
        return size;
    }
}
