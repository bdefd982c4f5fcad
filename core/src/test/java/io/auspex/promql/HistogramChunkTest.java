package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import io.auspex.support.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class HistogramChunkTest {
    private static final NativeHistogram STALE =
            histogram(0, 0, StaleMarker.VALUE, 0, 0, new double[0], 0, new double[0]);

    private static NativeHistogram histogram(
            int schema,
            double count,
            double sum,
            double threshold,
            int offset,
            double[] positive,
            int negativeOffset,
            double[] negative) {
        return new NativeHistogram(
                schema,
                count,
                sum,
                threshold,
                1,
                offset,
                positive,
                negativeOffset,
                negative,
                new double[0],
                ResetHint.UNKNOWN);
    }

    private static NativeHistogram hinted(NativeHistogram one, ResetHint hint) {
        return new NativeHistogram(
                one.schema(),
                one.count(),
                one.sum(),
                one.zeroThreshold(),
                one.zeroCount(),
                one.positiveOffset(),
                one.positive(),
                one.negativeOffset(),
                one.negative(),
                one.customBounds(),
                hint);
    }

    /** The samples of all chunks that some histograms take, and how many there are of each chunk. */
    private static List<Decoded> roundTrip(long[] times, NativeHistogram[] histograms, List<Integer> sizes) {
        HistogramChunk chunk = new HistogramChunk();
        List<Decoded> decoded = new ArrayList<>();
        for (int from = 0; from < histograms.length; ) {
            int size = HistogramChunk.fitting(histograms, from, histograms.length);
            decoded.addAll(new Reader(chunk.encode(times, histograms, from, from + size)).read());
            sizes.add(size);
            from += size;
        }
        return decoded;
    }

    private static void check(long[] times, NativeHistogram[] histograms, List<Decoded> decoded) {
        assertThat(decoded).hasSize(histograms.length);
        for (int i = 0; i < histograms.length; i++) {
            NativeHistogram expected = histograms[i];
            Decoded got = decoded.get(i);
            assertThat(got.time()).isEqualTo(times[i]);
            if (expected.isStale()) {
                assertThat(StaleMarker.is(got.histogram().sum())).isTrue();
            } else {
                assertThat(hinted(got.histogram(), expected.resetHint())).isEqualTo(expected);
            }
        }
    }

    @Test
    void samples_decodeToTheSame_whateverTheyAre() {
        Seeded.forAll(random -> {
            int size = 1 + random.nextInt(300);
            long[] times = new long[size];
            NativeHistogram[] histograms = new NativeHistogram[size];
            NativeHistogram last = random(random);
            long time = random.nextLong(1_800_000_000_000L);
            for (int i = 0; i < size; i++) {
                time += i % 40 == 0 ? 1 + random.nextLong(1L << 40) : 15_000 + random.nextInt(5);
                times[i] = time;
                if (random.nextInt(20) == 0) {
                    histograms[i] = STALE;
                } else {
                    last = random.nextInt(15) == 0 ? random(random) : more(last, random);
                    histograms[i] = last;
                }
            }
            check(times, histograms, roundTrip(times, histograms, new ArrayList<>()));
        });
    }

    private static NativeHistogram random(RandomGenerator random) {
        double[] thresholds = {0, 0.001, 0x1p-128, 0x1p-300, 4, 1 << 20};
        boolean custom = random.nextInt(4) == 0;
        double[] bounds = custom ? new double[] {0.005, 1, 1.00001, 33_555, 1e9} : new double[0];
        double[] positive = random.doubles(random.nextInt(6), 0, 10).toArray();
        double[] negative = custom
                ? new double[0]
                : random.doubles(random.nextInt(3), 0, 10).toArray();
        return new NativeHistogram(
                custom ? NativeHistogram.CUSTOM_SCHEMA : random.nextInt(-4, 9),
                random.nextInt(100),
                random.nextGaussian(),
                custom ? 0 : thresholds[random.nextInt(thresholds.length)],
                random.nextInt(3),
                positive.length == 0 ? 0 : random.nextInt(-1000, 1000),
                positive,
                negative.length == 0 ? 0 : random.nextInt(-3, 3),
                negative,
                bounds,
                ResetHint.values()[random.nextInt(4)]);
    }

    private static NativeHistogram more(NativeHistogram last, RandomGenerator random) {
        double[] positive = last.positive().clone();
        double[] negative = last.negative().clone();
        for (int i = 0; i < positive.length; i++) {
            positive[i] += random.nextInt(2);
        }
        return new NativeHistogram(
                last.schema(),
                last.count() + 1,
                last.sum() + random.nextDouble(),
                last.zeroThreshold(),
                last.zeroCount(),
                last.positiveOffset(),
                positive,
                last.negativeOffset(),
                negative,
                last.customBounds(),
                last.resetHint() == ResetHint.GAUGE ? ResetHint.GAUGE : ResetHint.UNKNOWN);
    }

    @Test
    void chunk_endsWhereItsReaderWouldTakeAResetForNone() {
        NativeHistogram one = histogram(3, 5, 1, 0.5, -2, new double[] {1, 3}, 0, new double[0]);
        NativeHistogram more = histogram(3, 7, 2, 0.5, -2, new double[] {2, 4}, 0, new double[0]);
        NativeHistogram lessSomewhere = histogram(3, 9, 3, 0.5, -2, new double[] {9, 3}, 0, new double[0]);
        NativeHistogram wider = histogram(3, 9, 3, 0.5, -2, new double[] {9, 9, 1}, 0, new double[0]);
        NativeHistogram gauge = hinted(one, ResetHint.GAUGE);
        NativeHistogram[] all = {
            one,
            more,
            lessSomewhere,
            wider,
            STALE,
            STALE,
            wider,
            hinted(wider, ResetHint.RESET),
            gauge,
            gauge,
            hinted(one, ResetHint.NOT_RESET)
        };
        long[] times = new long[all.length];
        java.util.Arrays.setAll(times, i -> i * 1000L);
        List<Integer> sizes = new ArrayList<>();

        List<Decoded> decoded = roundTrip(times, all, sizes);

        check(times, all, decoded);
        assertThat(sizes).containsExactly(2, 1, 3, 1, 1, 2, 1);
        assertThat(decoded).extracting(Decoded::header).containsExactly(0, 0, 0, 0, 0, 0, 0, 2, 3, 3, 1);
    }

    /** @param header the hint that stands at the head of the chunk */
    private record Decoded(int header, long time, NativeHistogram histogram) {}

    /** Reads a float histogram chunk bit by bit as the reference's format document says. */
    private static final class Reader {
        private static final int[] WIDTHS = {3, 6, 9, 12, 18, 25, 56, 64};
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        List<Decoded> read() {
            int size = (int) bits(16);
            int header = (int) bits(2);
            assertThat(bits(6)).isZero();
            long threshold = bits(8);
            double zeroThreshold = threshold == 0
                    ? 0
                    : threshold == 255 ? Double.longBitsToDouble(bits(64)) : Math.scalb(0.5, (int) threshold - 243);
            int schema = (int) signed();
            int[] positive = span();
            int[] negative = span();
            double[] bounds = new double[schema == NativeHistogram.CUSTOM_SCHEMA ? (int) unsigned() : 0];
            for (int i = 0; i < bounds.length; i++) {
                long thousandths = unsigned();
                bounds[i] = thousandths == 0 ? Double.longBitsToDouble(bits(64)) : (thousandths - 1) / 1000.0;
            }
            int numbers = 3 + positive[1] + negative[1];
            long[] values = new long[numbers];
            int[] leading = new int[numbers];
            int[] trailing = new int[numbers];
            long time = 0;
            long delta = 0;
            List<Decoded> decoded = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                delta = i == 0 ? 0 : i == 1 ? signed() : delta + signed();
                time = i == 0 ? signed() : time + delta;
                for (int n = 0; n < numbers; n++) {
                    if (i == 0) {
                        values[n] = bits(64);
                    } else if (bits(1) == 1) {
                        if (bits(1) == 1) {
                            leading[n] = (int) bits(5);
                            int significant = (int) bits(6);
                            trailing[n] = 64 - leading[n] - (significant == 0 ? 64 : significant);
                        }
                        values[n] ^= bits(64 - leading[n] - trailing[n]) << trailing[n];
                    }
                    if (n == 2 && StaleMarker.is(Double.longBitsToDouble(values[2]))) {
                        break;
                    }
                }
                double[] counts = new double[numbers];
                java.util.Arrays.setAll(counts, n -> Double.longBitsToDouble(values[n]));
                boolean stale = StaleMarker.is(counts[2]);
                decoded.add(new Decoded(
                        header,
                        time,
                        new NativeHistogram(
                                schema,
                                counts[0],
                                counts[2],
                                zeroThreshold,
                                counts[1],
                                positive[0],
                                java.util.Arrays.copyOfRange(counts, 3, 3 + positive[1]),
                                negative[0],
                                java.util.Arrays.copyOfRange(counts, 3 + positive[1], numbers),
                                bounds,
                                ResetHint.UNKNOWN)));
                assertThat(stale && i == 0 && numbers > 3).isFalse();
            }
            assertThat(bytes.length * 8 - at).isBetween(0, 7);
            return decoded;
        }

        private int[] span() {
            long spans = unsigned();
            assertThat(spans).isBetween(0L, 1L);
            int length = spans == 0 ? 0 : (int) unsigned();
            return new int[] {spans == 0 ? 0 : (int) signed(), length};
        }

        private int width() {
            int ones = 0;
            while (ones < 8 && bits(1) == 1) {
                ones++;
            }
            return ones == 0 ? 0 : WIDTHS[ones - 1];
        }

        private long unsigned() {
            return bits(width());
        }

        private long signed() {
            int width = width();
            long value = bits(width);
            return width > 0 && width < 64 && value > 1L << (width - 1) ? value - (1L << width) : value;
        }

        private long bits(int width) {
            long value = 0;
            for (int i = 0; i < width; i++, at++) {
                value = value << 1 | (bytes[at >> 3] >> (7 - (at & 7)) & 1);
            }
            return value;
        }
    }
}
