package io.auspex.series;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.codec.Shapes;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class HeadTest {
    private static final TenantId ACME = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);
    private static final long NOON = 1_700_000_000_000L;

    private final Head head = new Head();
    private final int cpu = head.register(ACME, 100);

    @Test
    void read_givesWhatWasAppended_inAnyOrderWithDuplicatesAndHistograms() {
        forAll(random -> {
            int ref = head.register(ACME, 7);
            long[] timestamps = Shapes.timestamps(random, 1 + random.nextInt(700));
            double[] values = Shapes.values(random, timestamps.length);
            TreeMap<Long, Object> model = new TreeMap<>();
            int[] order = order(random, timestamps.length);
            for (int i : order) {
                if (random.nextInt(50) == 0) {
                    NativeHistogram histogram = histogram(random.nextInt(9));
                    assertThat(head.append(ref, timestamps[i], histogram, AppendWindow.ALL))
                            .isEqualTo(expected(model, timestamps[i], histogram));
                } else {
                    assertThat(head.append(ref, timestamps[i], values[i], AppendWindow.ALL))
                            .isEqualTo(expected(model, timestamps[i], Double.doubleToRawLongBits(values[i])));
                }
            }
            for (int reads = 0; reads < 5; reads++) {
                long from = timestamps[random.nextInt(timestamps.length)] + random.nextInt(3) - 1;
                long to = timestamps[random.nextInt(timestamps.length)] + random.nextInt(3) - 1;
                assertHolds(ref, model, Math.min(from, to), Math.max(from, to));
            }
            assertHolds(ref, model, Long.MIN_VALUE, Long.MAX_VALUE);
        });
    }

    /** Mostly in order, sometimes shuffled a bit or wholly, now and then with repetitions. */
    private static int[] order(RandomGenerator random, int count) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(i);
            if (random.nextInt(20) == 0) {
                order.add(random.nextInt(i + 1));
            }
        }
        int shape = random.nextInt(4);
        if (shape == 0) {
            Collections.shuffle(order, new java.util.Random(random.nextLong()));
        } else if (shape == 1) {
            Collections.reverse(order);
        }
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Verdict expected(TreeMap<Long, Object> model, long timestamp, Object sample) {
        Object there = model.putIfAbsent(timestamp, sample);
        return there == null
                ? Verdict.ACCEPTED
                : there.equals(sample) ? Verdict.DUPLICATE : Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE;
    }

    private void assertHolds(int ref, TreeMap<Long, Object> model, long from, long to) {
        SampleColumn read = new SampleColumn(1);
        read.append(Long.MIN_VALUE, 1);
        assertThat(head.read(ACME, ref, from, to, read))
                .isEqualTo(!model.subMap(from, true, to, true).isEmpty());
        TreeMap<Long, Object> found = new TreeMap<>();
        long previous = Long.MIN_VALUE;
        for (int i = 1; i < read.size(); i++) {
            assertThat(read.timestamp(i)).isGreaterThan(previous);
            previous = read.timestamp(i);
            NativeHistogram histogram = read.histogram(i);
            found.put(previous, histogram == null ? Double.doubleToRawLongBits(read.value(i)) : histogram);
        }
        assertThat(found).isEqualTo(model.subMap(from, true, to, true));
        assertThat(head.mayHave(ref, from, to) || found.isEmpty()).isTrue();
    }

    @Test
    void release_keepsWhatCameLater_andLosesNothing() {
        forAll(random -> {
            int ref = head.register(ACME, 8);
            long[] timestamps = Shapes.timestamps(random, 2 + random.nextInt(400));
            TreeMap<Long, Object> model = new TreeMap<>();
            int late = random.nextInt(5);
            for (int i = late; i < timestamps.length; i++) {
                append(ref, timestamps[i], i, model);
            }
            long to = timestamps[random.nextInt(timestamps.length)];
            SampleColumn flushed = new SampleColumn();
            head.read(ACME, ref, Long.MIN_VALUE, to, flushed);
            model.headMap(to, true).clear();
            for (int i = 0; i < Math.min(late, timestamps.length); i++) {
                append(ref, timestamps[i], i, model);
            }

            head.release(ref, to, flushed);

            assertHolds(ref, model, Long.MIN_VALUE, Long.MAX_VALUE);
            append(ref, timestamps[timestamps.length - 1] + 1, 5, model);
            assertHolds(ref, model, Long.MIN_VALUE, Long.MAX_VALUE);
        });
    }

    private void append(int ref, long timestamp, double value, TreeMap<Long, Object> model) {
        assertThat(head.append(ref, timestamp, value, AppendWindow.ALL)).isEqualTo(Verdict.ACCEPTED);
        model.put(timestamp, Double.doubleToRawLongBits(value));
    }

    @Test
    void append_judgesEachSample_byTheWindow() {
        int gone = head.register(ACME, 101);
        head.unregister(gone);
        byte[] verdicts = new byte[6];

        int accepted = head.append(
                new int[] {cpu, cpu, cpu, cpu, cpu, gone},
                new long[] {NOON - 1, NOON, NOON + 10, NOON + 11, NOON, NOON},
                new double[] {1, 2, 3, 4, 9, 5},
                6,
                new AppendWindow(NOON, NOON + 10),
                verdicts);

        assertThat(accepted).isEqualTo(2);
        assertThat(List.of(0, 1, 2, 3, 4, 5).stream().map(i -> Verdict.of(verdicts[i])))
                .containsExactly(
                        Verdict.TOO_OLD,
                        Verdict.ACCEPTED,
                        Verdict.ACCEPTED,
                        Verdict.TOO_FAR_IN_FUTURE,
                        Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE,
                        Verdict.SERIES_GONE);
    }

    @Test
    void append_keepsTheFirst_whenATimestampComesTwice() {
        head.append(cpu, NOON, StaleMarker.VALUE, AppendWindow.ALL);

        assertThat(head.append(cpu, NOON, StaleMarker.VALUE, AppendWindow.ALL)).isEqualTo(Verdict.DUPLICATE);
        assertThat(head.append(cpu, NOON, Double.NaN, AppendWindow.ALL))
                .isEqualTo(Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE);
        SampleColumn read = new SampleColumn();
        head.read(ACME, cpu, NOON, NOON, read);
        assertThat(StaleMarker.is(read.value(0))).isTrue();
    }

    @Test
    void read_isRefused_forTheSeriesOfAnotherTenant() {
        head.append(cpu, NOON, 1, AppendWindow.ALL);

        assertThatThrownBy(() -> head.read(OTHER, cpu, 0, Long.MAX_VALUE, new SampleColumn()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant 2");
        assertThat(head.tenant(cpu)).isEqualTo(ACME);
        assertThat(head.seriesId(cpu)).isEqualTo(100);
    }

    @Test
    void release_givesTheSlotBack_whenNothingIsLeft() {
        int[] refs = new int[1000];
        for (int i = 0; i < refs.length; i++) {
            refs[i] = head.register(ACME, i);
            head.append(refs[i], NOON, i, AppendWindow.ALL);
        }
        assertThat(head.activeSeries()).isEqualTo(1000);
        assertThat(head.activeRefs()).isEqualTo(refs);
        for (int ref : refs) {
            SampleColumn flushed = new SampleColumn();
            head.read(ACME, ref, Long.MIN_VALUE, NOON, flushed);
            head.release(ref, NOON, flushed);
        }

        assertThat(head.activeSeries()).isZero();
        assertThat(head.activeRefs()).isEmpty();
        assertThat(head.mayHave(refs[3], 0, Long.MAX_VALUE)).isFalse();
        assertThat(head.append(refs[3], NOON - 5, 3, AppendWindow.ALL)).isEqualTo(Verdict.ACCEPTED);
        assertThat(head.activeRefs()).containsExactly(refs[3]);
    }

    @Test
    void bytes_staySmall_atRestAndWithAFullWindow() {
        int series = 10_000;
        int[] refs = new int[series];
        for (int i = 0; i < series; i++) {
            refs[i] = head.register(ACME, i);
        }
        long atRest = fill(refs, 0, 16) / series;
        long full = fill(refs, 16, 480) / series;

        assertThat(atRest).isLessThan(260);
        assertThat(full).isLessThan(850);
    }

    private long fill(int[] refs, int fromStep, int toStep) {
        double[] values = new double[refs.length];
        long[] timestamps = new long[refs.length];
        byte[] verdicts = new byte[refs.length];
        for (int step = fromStep; step < toStep; step++) {
            for (int i = 0; i < refs.length; i++) {
                values[i] = i % 3 == 0 ? i : step * (double) i + (step * 7919L * i) % (i % 100 + 1);
            }
            Arrays.fill(timestamps, NOON + step * 15_000L);
            assertThat(head.append(refs, timestamps, values, refs.length, AppendWindow.ALL, verdicts))
                    .isEqualTo(refs.length);
        }
        return head.bytes();
    }

    @Test
    void append_isSafe_fromManyThreads() throws InterruptedException {
        int[] refs = new int[600];
        Arrays.setAll(refs, i -> head.register(ACME, i));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int offset = t;
            threads.add(new Thread(() -> {
                for (int step = 0; step < 300; step++) {
                    for (int ref : refs) {
                        head.append(ref, NOON + step * 4L + offset, step, AppendWindow.ALL);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        for (int ref : refs) {
            SampleColumn read = new SampleColumn();
            head.read(ACME, ref, Long.MIN_VALUE, Long.MAX_VALUE, read);
            assertThat(read.size()).isEqualTo(1200);
        }
    }

    private static NativeHistogram histogram(int count) {
        return new NativeHistogram(
                3,
                count,
                count * 2.5,
                0.001,
                1,
                -2,
                new double[] {count},
                0,
                new double[0],
                new double[0],
                ResetHint.UNKNOWN);
    }
}
