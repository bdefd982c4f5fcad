package io.auspex.series;

import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import org.jspecify.annotations.Nullable;

/** Sample columns in and out of packs, native histograms included. */
public final class PackedColumns {
    private PackedColumns() {}

    /** Adds a series to a pack. */
    public static void write(PackWriter pack, long seriesId, SampleColumn samples) {
        byte[] @Nullable [] blobs = new byte[samples.size()][];
        boolean any = false;
        for (int i = 0; samples.hasHistograms() && i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                blobs[i] = HistogramCodec.encode(histogram);
                any = true;
            }
        }
        pack.add(seriesId, samples.timestamps(), samples.values(), any ? blobs : null, samples.size());
    }

    /**
     * Adds the samples of a series in the reader's current frame within {@code [fromMillis, toMillis]}, both inclusive,
     * to a column whose samples are all older.
     */
    public static void read(PackReader pack, int series, long fromMillis, long toMillis, SampleColumn into) {
        int count = pack.count(series);
        if (count == 0) {
            return;
        }
        if (pack.hasBlobs(series)) {
            readMixed(pack, series, fromMillis, toMillis, into);
            return;
        }
        int start = into.size();
        into.ensure(start + count);
        into.resize(start + pack.read(series, fromMillis, toMillis, into.timestamps(), into.values(), start));
    }

    private static void readMixed(PackReader pack, int series, long fromMillis, long toMillis, SampleColumn into) {
        SampleColumn all = new SampleColumn(pack.count(series));
        all.resize(pack.count(series));
        pack.read(series, all.timestamps(), all.values(), 0);
        byte[] @Nullable [] blobs = pack.blobs(series);
        for (int i = 0; i < all.size(); i++) {
            long timestamp = all.timestamp(i);
            byte @Nullable [] blob = blobs[i];
            if (timestamp < fromMillis || timestamp > toMillis) {
                continue;
            }
            if (blob == null) {
                into.append(timestamp, all.value(i));
            } else {
                into.append(timestamp, HistogramCodec.decode(blob));
            }
        }
    }

    /** Moves what lies in the time range to {@code start} and returns how many that are. */
    static int keepRange(long[] timestamps, double[] values, int start, int count, long fromMillis, long toMillis) {
        int end = start + count;
        int first = start;
        while (first < end && timestamps[first] < fromMillis) {
            first++;
        }
        int last = end;
        while (last > first && timestamps[last - 1] > toMillis) {
            last--;
        }
        if (first > start) {
            System.arraycopy(timestamps, first, timestamps, start, last - first);
            System.arraycopy(values, first, values, start, last - first);
        }
        return last - first;
    }
}
