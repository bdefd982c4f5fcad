package io.auspex.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import io.auspex.promql.Engine;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.promql.SeriesColumn;
import io.auspex.support.Seeded;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RollUpTest {
    private static final long DAY = 86_400_000L;
    private static final long T = 20_000 * DAY;
    private static final Labels M = Labels.of("__name__", "m");
    private static final List<Tier> TIERS = List.of(Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR, Tier.DAY);

    /** The engine of queries knows nothing of roll-ups, so what it says of raw samples is the truth, bit by bit. */
    @Test
    void aggregate_equalsWhatQueriesSayOfRawSamples() {
        Seeded.forAll(random -> {
            SampleColumn samples = samples(random);
            RollUp rollUp = new RollUp();
            for (Tier tier : TIERS) {
                long width = tier.bucketMillis();
                rollUp.aggregate(samples, width);
                for (int i = 0; i < rollUp.size(); i++) {
                    long end = rollUp.start(i) + width;
                    String range = "(m[" + width / 1000 + "s])";
                    assertSame("min_over_time" + range, samples, end, rollUp.min(i));
                    assertSame("max_over_time" + range, samples, end, rollUp.max(i));
                    assertSame("sum_over_time" + range, samples, end, rollUp.sum(i));
                    assertSame("count_over_time" + range, samples, end, rollUp.count(i));
                    assertSame("last_over_time" + range, samples, end, rollUp.last(i));
                }
                assertThat(starts(rollUp.size(), rollUp::start)).isEqualTo(startsByHand(samples, width, false));
                assertThat(starts(rollUp.staleCount(), rollUp::stale)).isEqualTo(startsByHand(samples, width, true));
            }
        });
    }

    @Test
    void increase_addsUpToWhatTheCounterCounted_throughResets() {
        Seeded.forAll(random -> {
            SampleColumn samples = new SampleColumn();
            double counter = 0;
            int resets = 0;
            long time = T;
            for (int i = 0; i < 500; i++) {
                time += 1 + random.nextInt(120_000);
                if (random.nextInt(40) == 0 && resets++ < RollUp.MOST_RESETS) {
                    counter = 0;
                }
                counter += random.nextInt(1_000);
                samples.append(time, counter);
            }
            double counted = byPairs(samples);
            for (Tier tier : TIERS) {
                RollUp rollUp = new RollUp();
                rollUp.aggregate(samples, tier.bucketMillis());
                double total = 0;
                for (int i = 0; i < rollUp.size(); i++) {
                    total += rollUp.increase(i);
                }
                assertThat(total).isEqualTo(counted);
            }
        });
    }

    private static double byPairs(SampleColumn samples) {
        double total = 0;
        for (int i = 1; i < samples.size(); i++) {
            double step = samples.value(i) - samples.value(i - 1);
            total += step >= 0 ? step : samples.value(i);
        }
        return total;
    }

    @Test
    void packs_giveBackWhatWasWritten() {
        Seeded.forAll(random -> {
            List<RollUp> written = List.of(rolled(random), rolled(random), rolled(random));
            try (PackWriter writer = RollUpPacks.writer();
                    PackReader reader = new PackReader()) {
                for (int i = 0; i < written.size(); i++) {
                    RollUpPacks.write(writer, 7 + i, written.get(i));
                }
                RollUp fixed = new RollUp();
                SampleColumn one = new SampleColumn();
                one.append(T + 1, 1);
                fixed.aggregate(one, Tier.FIVE_MINUTES.bucketMillis());
                RollUpPacks.write(writer, 6, fixed);
                byte[] pack = writer.finish();
                PackDirectory directory = PackDirectory.parse(pack);
                assertThat(directory.frameCount()).isEqualTo(1);
                reader.frame(directory, 0, pack, directory.frameOffset(0));
                RollUp read = rolled(random);
                for (int i = 0; i < written.size(); i++) {
                    RollUpPacks.read(reader, directory, 7 + i, read);
                    assertThat(text(read)).isEqualTo(text(written.get(i)));
                }
                RollUpPacks.read(reader, directory, 99, read);
                assertThat(read.isEmpty()).isTrue();
                assertThat(RollUpPacks.has(directory, 99)).isFalse();
                assertThat(RollUpPacks.has(directory, 8))
                        .isEqualTo(!written.get(1).isEmpty());
            }
        });
    }

    /** Roll-ups live for a year: what was written by this version must be read by every later one. */
    @Test
    void bytes_arePinned() {
        SampleColumn samples = new SampleColumn();
        samples.append(T + 15_000, 5);
        samples.append(T + 30_000, 2);
        samples.append(T + 60_000, 7.5);
        samples.append(T + 3_600_000, 8);
        samples.append(T + 3_600_001, StaleMarker.VALUE);
        RollUp rollUp = new RollUp();
        rollUp.aggregate(samples, Tier.MINUTE.bucketMillis());
        try (PackWriter writer = RollUpPacks.writer();
                PackReader reader = new PackReader()) {
            RollUpPacks.write(writer, 3, rollUp);
            assertThat(HexFormat.of().formatHex(writer.finish())).isEqualTo(PINNED);
            byte[] pack = HexFormat.of().parseHex(PINNED);
            PackDirectory directory = PackDirectory.parse(pack);
            reader.frame(directory, 0, pack, directory.frameOffset(0));
            RollUp read = new RollUp();
            RollUpPacks.read(reader, directory, 3, read);
            assertThat(text(read)).isEqualTo(text(rollUp));
        }
    }

    private static final String PINNED =
            "aa500100310000003d3b033507300001000000000180809ccdca6480dddb013f3f83f3d262030100a088d8010000000080dddb01000101010101020203010080809ccdca64c090b003000080809ccdca64000080bad3d0ca640c0a0c0a0404041200039601280200030430120508a202810205020603000a000a0000";

    private static RollUp rolled(RandomGenerator random) {
        RollUp rollUp = new RollUp();
        rollUp.aggregate(samples(random), Tier.FIVE_MINUTES.bucketMillis());
        return rollUp;
    }

    /** Up to a day of samples: constant, counting, wild, with stale markers, NaN, infinities, gaps and bounds of buckets. */
    private static SampleColumn samples(RandomGenerator random) {
        SampleColumn samples = new SampleColumn();
        int kind = random.nextInt(4);
        double value = random.nextInt(10);
        long time = T;
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            time += switch (random.nextInt(8)) {
                case 0 -> 1;
                case 1 -> 1 + random.nextInt(7_200_000);
                case 2 -> 60_000 - time % 60_000;
                default -> 15_000;
            };
            if (time > T + DAY) {
                break;
            }
            value = switch (kind) {
                case 0 -> value;
                case 1 -> random.nextInt(20) == 0 ? 0 : value + random.nextInt(100);
                case 2 -> random.nextDouble() * 1e6 - 5e5;
                default -> random.nextInt(3) - 1.0;
            };
            samples.append(
                    time,
                    switch (random.nextInt(25)) {
                        case 0 -> StaleMarker.VALUE;
                        case 1 -> Double.longBitsToDouble(0x7ff8000000000000L + random.nextInt(9));
                        case 2 -> Double.POSITIVE_INFINITY;
                        case 3 -> -0.0;
                        default -> value;
                    });
        }
        return samples;
    }

    private static void assertSame(String query, SampleColumn samples, long at, double expected) {
        double truth = ask(query, samples, at).orElseThrow();
        if (query.startsWith("sum") && Double.isNaN(truth)) { // of several NaN the processor chooses
            assertThat(expected).as("%s at %d", query, at).isNaN();
            return;
        }
        assertThat(Double.doubleToRawLongBits(expected))
                .as("%s at %d", query, at)
                .isEqualTo(Double.doubleToRawLongBits(truth));
    }

    private static Optional<Double> ask(String query, SampleColumn samples, long at) {
        MemorySampleReader reader = new MemorySampleReader();
        for (int i = 0; i < samples.size(); i++) {
            reader.append(M, samples.timestamp(i), samples.value(i));
        }
        Result result = new Engine().instant(query, reader, at, QueryOptions.STANDARD);
        return result.series().stream().findFirst().map((SeriesColumn column) -> column.value(0));
    }

    private static List<Long> starts(int size, IntToLongFunction start) {
        return IntStream.range(0, size).mapToLong(start).boxed().toList();
    }

    /** The buckets that end stale, or those that have a sample. */
    private static List<Long> startsByHand(SampleColumn samples, long width, boolean stale) {
        TreeMap<Long, Boolean> endsStale = new TreeMap<>();
        TreeSet<Long> any = new TreeSet<>();
        for (int i = 0; i < samples.size(); i++) {
            long start = Math.floorDiv(samples.timestamp(i) - 1, width) * width;
            boolean marker = StaleMarker.is(samples.value(i));
            endsStale.put(start, marker);
            if (!marker) {
                any.add(start);
            }
        }
        endsStale.values().removeIf(marker -> !marker);
        return List.copyOf(stale ? endsStale.keySet() : any);
    }

    private static String text(RollUp rollUp) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rollUp.size(); i++) {
            text.append(rollUp.start(i));
            for (double value : new double[] {
                rollUp.last(i), rollUp.min(i), rollUp.max(i), rollUp.sum(i), rollUp.count(i), rollUp.resets(i)
            }) {
                text.append(' ').append(Long.toHexString(Double.doubleToRawLongBits(value)));
            }
            text.append('\n');
        }
        return text.append(rollUp.size() == 0 ? 0 : rollUp.first())
                .append(starts(rollUp.staleCount(), rollUp::stale))
                .toString();
    }
}
