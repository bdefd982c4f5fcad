package io.auspex.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A map from refs to the label pairs of their series: open addressing over primitive keys. Not thread-safe. */
final class RefLabels {
    private static final int EMPTY = -1;

    private int[] refs = {EMPTY, EMPTY, EMPTY, EMPTY};
    private int[] @Nullable [] pairs = new int[4][];
    private int size;

    int size() {
        return size;
    }

    int @Nullable [] get(int ref) {
        return pairs[place(ref)];
    }

    private int place(int ref) {
        int mask = refs.length - 1;
        int at = home(ref, mask);
        while (refs[at] != ref && refs[at] != EMPTY) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private static int home(int ref, int mask) {
        // Tenants that grow in step have refs of one residue, so the low bits alone would pile up.
        int hash = ref * 0x9e3779b9;
        return (hash ^ hash >>> 16) & mask;
    }

    void put(int ref, int[] labelPairs) {
        if ((size + 1) * 4L > refs.length * 3L) {
            grow();
        }
        int at = place(ref);
        size += refs[at] == EMPTY ? 1 : 0;
        refs[at] = ref;
        pairs[at] = labelPairs;
    }

    private void grow() {
        int[] oldRefs = refs;
        int[] @Nullable [] oldPairs = pairs;
        refs = new int[oldRefs.length * 2];
        Arrays.fill(refs, EMPTY);
        pairs = new int[refs.length][];
        for (int i = 0; i < oldRefs.length; i++) {
            if (oldRefs[i] != EMPTY) {
                int at = place(oldRefs[i]);
                refs[at] = oldRefs[i];
                pairs[at] = oldPairs[i];
            }
        }
    }

    int @Nullable [] remove(int ref) {
        int hole = place(ref);
        int[] removed = pairs[hole];
        if (removed == null) {
            return null;
        }
        int mask = refs.length - 1;
        for (int at = (hole + 1) & mask; refs[at] != EMPTY; at = (at + 1) & mask) {
            if (((at - home(refs[at], mask)) & mask) >= ((at - hole) & mask)) {
                refs[hole] = refs[at];
                pairs[hole] = pairs[at];
                hole = at;
            }
        }
        refs[hole] = EMPTY;
        pairs[hole] = null;
        size--;
        return removed;
    }

    long bytes() {
        long total = 8L * refs.length;
        for (int[] labelPairs : pairs) {
            total += labelPairs == null ? 0 : (16L + 4L * labelPairs.length + 7) & ~7L;
        }
        return total;
    }
}
