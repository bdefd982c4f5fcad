package io.auspex.series;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Roll-ups of a UTC day in and out of packs: each part of a series is a series of the pack by itself, and a part that
 * follows from others is left out (docs/format/rollup.md).
 */
public final class RollUpPacks {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final int PART_BITS = 3;

    private RollUpPacks() {}

    /** The parts of a roll-up, in the order of their numbers on disk. */
    enum Part {
        LAST,
        /** Left out where it is the last sample in every bucket. */
        MIN,
        /** Left out where it is the last sample in every bucket. */
        MAX,
        /** Left out where it is the last sample times the count in every bucket. */
        SUM,
        COUNT,
        /** The buckets in which a counter began anew, only those. */
        RESETS,
        /** One value: the first sample of the day. */
        FIRST,
        /** The buckets that end with a stale marker, only those; the values mean nothing. */
        STALE
    }

    /** A writer for roll-ups of at most 32 series over one day. */
    public static PackWriter writer() {
        return new PackWriter(DAY_MILLIS);
    }

    /** Adds a series to a pack; one without any bucket is left out. */
    public static void write(PackWriter pack, long seriesId, RollUp rollUp) {
        int size = rollUp.size();
        if (size > 0) {
            long[] starts = rollUp.starts();
            double[] last = rollUp.column(Part.LAST);
            pack.add(id(seriesId, Part.LAST), starts, last, size);
            writeUnlessEqual(pack, seriesId, rollUp, Part.MIN, last);
            writeUnlessEqual(pack, seriesId, rollUp, Part.MAX, last);
            writeUnlessEqual(pack, seriesId, rollUp, Part.SUM, products(rollUp));
            pack.add(id(seriesId, Part.COUNT), starts, rollUp.column(Part.COUNT), size);
            writeResets(pack, seriesId, rollUp);
            pack.add(id(seriesId, Part.FIRST), starts, new double[] {rollUp.first()}, 1);
        }
        if (rollUp.staleCount() > 0) {
            pack.add(id(seriesId, Part.STALE), rollUp.stales(), new double[rollUp.staleCount()], rollUp.staleCount());
        }
    }

    private static long id(long seriesId, Part part) {
        return seriesId << PART_BITS | part.ordinal();
    }

    private static void writeUnlessEqual(PackWriter pack, long seriesId, RollUp rollUp, Part part, double[] expected) {
        double[] values = rollUp.column(part);
        for (int i = 0; i < rollUp.size(); i++) {
            if (Double.doubleToRawLongBits(values[i]) != Double.doubleToRawLongBits(expected[i])) {
                pack.add(id(seriesId, part), rollUp.starts(), values, rollUp.size());
                return;
            }
        }
    }

    private static double[] products(RollUp rollUp) {
        double[] products = new double[rollUp.size()];
        for (int i = 0; i < products.length; i++) {
            products[i] = rollUp.last(i) * rollUp.count(i);
        }
        return products;
    }

    private static void writeResets(PackWriter pack, long seriesId, RollUp rollUp) {
        int size = rollUp.size();
        long[] starts = new long[size];
        double[] values = new double[size];
        int some = 0;
        for (int i = 0; i < size; i++) {
            if (rollUp.resets(i) != 0) {
                starts[some] = rollUp.start(i);
                values[some++] = rollUp.resets(i);
            }
        }
        if (some > 0) {
            pack.add(id(seriesId, Part.RESETS), starts, values, some);
        }
    }

    /** Whether a pack has a series at all. */
    public static boolean has(PackDirectory directory, long seriesId) {
        return directory.find(id(seriesId, Part.LAST)) >= 0 || directory.find(id(seriesId, Part.STALE)) >= 0;
    }

    /** The series that a pack has. */
    public static Set<Long> series(PackDirectory directory) {
        Set<Long> series = new TreeSet<>();
        for (int i = 0; i < directory.seriesCount(); i++) {
            series.add(seriesOf(directory.seriesId(i)));
        }
        return series;
    }

    /** The series of which something in a pack is a part. */
    public static long seriesOf(long idInPack) {
        return idInPack >>> PART_BITS;
    }

    /** Reads a series from the reader's current frame, the only one of the pack; empty when it is not in it. */
    public static void read(PackReader pack, PackDirectory directory, long seriesId, RollUp into) {
        into.clear();
        int last = directory.find(id(seriesId, Part.LAST));
        if (last >= 0) {
            int size = pack.count(last);
            into.resize(size);
            pack.read(last, into.starts(), into.column(Part.LAST), 0);
            long[] times = new long[size];
            readOr(pack, directory, seriesId, into, Part.MIN, into.column(Part.LAST), times);
            readOr(pack, directory, seriesId, into, Part.MAX, into.column(Part.LAST), times);
            readOr(pack, directory, seriesId, into, Part.COUNT, new double[size], times);
            readOr(pack, directory, seriesId, into, Part.SUM, products(into), times);
            readResets(pack, directory.find(id(seriesId, Part.RESETS)), into);
            int first = directory.find(id(seriesId, Part.FIRST));
            double[] one = new double[1];
            if (first >= 0) {
                pack.read(first, times, one, 0);
            }
            into.first(one[0]);
        }
        int stale = directory.find(id(seriesId, Part.STALE));
        if (stale >= 0) {
            into.resizeStale(pack.count(stale));
            pack.read(stale, into.stales(), new double[pack.count(stale)], 0);
        }
    }

    private static void readOr(
            PackReader pack,
            PackDirectory directory,
            long seriesId,
            RollUp into,
            Part part,
            double[] otherwise,
            long[] times) {
        int number = directory.find(id(seriesId, part));
        if (number >= 0) {
            pack.read(number, times, into.column(part), 0);
        } else {
            System.arraycopy(otherwise, 0, into.column(part), 0, into.size());
        }
    }

    private static void readResets(PackReader pack, int number, RollUp into) {
        double[] resets = into.column(Part.RESETS);
        Arrays.fill(resets, 0, into.size(), 0);
        if (number < 0) {
            return;
        }
        long[] starts = new long[pack.count(number)];
        double[] values = new double[starts.length];
        pack.read(number, starts, values, 0);
        for (int i = 0; i < starts.length; i++) {
            int at = Arrays.binarySearch(into.starts(), 0, into.size(), starts[i]);
            if (at >= 0) {
                resets[at] = values[i];
            }
        }
    }
}
