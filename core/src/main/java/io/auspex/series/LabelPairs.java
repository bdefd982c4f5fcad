package io.auspex.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The distinct name-value pairs of one tenant's labels, numbered, each with the series that carry it. Not thread-safe.
 */
final class LabelPairs {
    static final int NONE = -1;

    private final Map<String, Name> names = new HashMap<>();
    private final List<Name> byId = new ArrayList<>();
    private @Nullable String[] values = new String[16];
    private int[] nameIds = new int[16];
    private @Nullable Object[] postings = new Object[16];
    private int used;

    /** Numbers of removed pairs, to be given again. */
    private int[] free = new int[4];

    private int freeCount;

    /** A label name, with its values hashed to their pairs. */
    static final class Name {
        final String text;
        final int id;

        /** Open addressing; pair plus one, 0 where empty. */
        private int[] table = new int[4];

        private int size;

        Name(String text, int id) {
            this.text = text;
            this.id = id;
        }

        int size() {
            return size;
        }
    }

    @Nullable
    Name name(String text) {
        return names.get(text);
    }

    Iterable<Name> names() {
        return byId;
    }

    Name nameOf(int pair) {
        return byId.get(nameIds[pair]);
    }

    String value(int pair) {
        String value = values[pair];
        if (value == null) {
            throw new IllegalStateException("label pair " + pair + " was removed");
        }
        return value;
    }

    Object postings(int pair) {
        Object refs = postings[pair];
        return refs == null ? Postings.empty() : refs;
    }

    /** The pair of a name and a value, {@link #NONE} when no series carries it. */
    int find(Name name, String value) {
        int mask = name.table.length - 1;
        for (int at = home(value, mask); ; at = (at + 1) & mask) {
            int pair = name.table[at] - 1;
            if (pair < 0 || value.equals(values[pair])) {
                return pair;
            }
        }
    }

    /** All pairs of a name. */
    int[] pairs(Name name) {
        int[] pairs = new int[name.size];
        int count = 0;
        for (int entry : name.table) {
            if (entry != 0) {
                pairs[count++] = entry - 1;
            }
        }
        return pairs;
    }

    /** Notes that a series carries a label, and returns the pair. */
    int add(String nameText, String value, int ref) {
        Name name = names.computeIfAbsent(nameText, text -> {
            Name created = new Name(text, byId.size());
            byId.add(created);
            return created;
        });
        int pair = find(name, value);
        if (pair == NONE) {
            pair = create(name, value);
        }
        postings[pair] = Postings.add(postings(pair), ref);
        return pair;
    }

    private int create(Name name, String value) {
        int pair = freeCount > 0 ? free[--freeCount] : used++;
        if (pair == values.length) {
            int grown = pair + Math.max(16, pair >> 2);
            values = Arrays.copyOf(values, grown);
            nameIds = Arrays.copyOf(nameIds, grown);
            postings = Arrays.copyOf(postings, grown);
        }
        values[pair] = value;
        nameIds[pair] = name.id;
        postings[pair] = Postings.empty();
        if ((name.size + 1) * 4L > name.table.length * 3L) {
            int[] old = name.table;
            name.table = new int[old.length * 2];
            for (int entry : old) {
                if (entry != 0) {
                    insert(name, entry - 1);
                }
            }
        }
        insert(name, pair);
        name.size++;
        return pair;
    }

    private void insert(Name name, int pair) {
        int mask = name.table.length - 1;
        int at = home(value(pair), mask);
        while (name.table[at] != 0) {
            at = (at + 1) & mask;
        }
        name.table[at] = pair + 1;
    }

    private static int home(String value, int mask) {
        int hash = value.hashCode() * 0x9e3779b9;
        return (hash ^ hash >>> 15) & mask;
    }

    /** Notes that a series no longer carries a pair; a pair that nobody carries is forgotten. */
    void remove(int pair, int ref) {
        Object rest = Postings.remove(postings(pair), ref);
        postings[pair] = rest;
        if (Postings.size(rest) > 0) {
            return;
        }
        close(nameOf(pair), pair);
        values[pair] = null;
        postings[pair] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = pair;
    }

    /** Takes a pair out of its name's table and moves those behind it up (Knuth 6.4, algorithm R). */
    private void close(Name name, int pair) {
        int[] table = name.table;
        int mask = table.length - 1;
        int hole = home(value(pair), mask);
        while (table[hole] != pair + 1) {
            hole = (hole + 1) & mask;
        }
        for (int at = (hole + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
            int home = home(value(table[at] - 1), mask);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = 0;
        name.size--;
    }

    void compact() {
        for (Object refs : postings) {
            if (refs instanceof RoaringBitmap bitmap) {
                bitmap.runOptimize();
                bitmap.trim();
            }
        }
    }

    long bytes() {
        long total = 12L * values.length + 4L * free.length;
        for (int pair = 0; pair < used; pair++) {
            String value = values[pair];
            if (value != null) {
                total += string(value) + Postings.bytes(postings(pair));
            }
        }
        for (Name name : byId) {
            total += 100 + string(name.text) + 4L * name.table.length;
        }
        return total;
    }

    /** What a string takes on the heap, most being Latin-1. */
    private static long string(String text) {
        return 24 + ((16L + text.length() + 7) & ~7L);
    }
}
