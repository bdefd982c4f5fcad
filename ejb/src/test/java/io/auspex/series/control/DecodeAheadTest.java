package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackWriter;
import io.auspex.platform.AuspexException;
import io.auspex.series.AppendWindow;
import io.auspex.series.Head;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecodeAheadTest {
    private static final TenantId ACME = new TenantId(1);
    private static final int GROUPS = 40;
    private static final int SIZE = 8;
    private static final int SAMPLES = 300;

    private final Head head = new Head();
    private final long[] series = new long[GROUPS * SIZE];
    private final SeriesGroup[] groups = new SeriesGroup[GROUPS];
    private final AtomicInteger decoders = new AtomicInteger();
    private final ThreadPoolExecutor helpers =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());

    DecodeAheadTest() {
        for (int i = 0; i < series.length; i++) {
            int ref = head.register(ACME, i + 1);
            for (int sample = 0; sample < SAMPLES; sample++) {
                head.append(ref, sample, value(i, sample), AppendWindow.ALL);
            }
            series[i] = ref;
        }
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = new SeriesGroup(i, i * SIZE, SIZE);
        }
    }

    private static double value(int series, int sample) {
        return series * 1_000 + sample;
    }

    private GroupDecoder decoder() {
        decoders.incrementAndGet();
        return new GroupDecoder(ACME, head, series, 0, SAMPLES, 0);
    }

    @AfterEach
    void stop() {
        helpers.shutdownNow();
    }

    @Test
    void await_givesEachGroupItsSamples_aloneAndWithAHelper() {
        for (Executor executor : List.<Executor>of(DecodeAhead.NOBODY, helpers)) {
            for (int i = 0; i < GROUPS; i++) {
                groups[i] = new SeriesGroup(i, i * SIZE, SIZE);
            }
            decoders.set(0);
            try (DecodeAhead decoding = new DecodeAhead(groups, this::decoder)) {
                decoding.ready(GROUPS / 2);
                decoding.help(executor);
                for (int number = 0; number < GROUPS; number++) {
                    decoding.ready(Math.max(GROUPS / 2, number + 1));
                    assertSamples(decoding.await(number));
                }
            }
            assertThat(decoders).hasValue(executor == helpers ? 2 : 1);
        }
    }

    private static void assertSamples(SeriesGroup group) {
        for (int i = 0; i < SIZE; i++) {
            SampleColumn column = group.columns.get(i);
            assertThat(column.size()).isEqualTo(SAMPLES);
            assertThat(column.value(0)).isEqualTo(value(group.start + i, 0));
            assertThat(column.value(SAMPLES - 1)).isEqualTo(value(group.start + i, SAMPLES - 1));
        }
    }

    @Test
    void await_throwsWhatDecodingCameUpon_whenItIsThatGroupsTurn() {
        byte[] pack = pack();
        PackDirectory directory = PackDirectory.parse(pack);
        pack[pack.length - 1] ^= 1;
        groups[2].packs = List.of(new PackStore.Pack(2, directory, pack));
        try (DecodeAhead decoding = new DecodeAhead(groups, this::decoder)) {
            decoding.ready(GROUPS);
            decoding.help(helpers);
            assertSamples(decoding.await(0));
            assertSamples(decoding.await(1));

            assertThatThrownBy(() -> decoding.await(2)).isInstanceOf(AuspexException.class);

            assertSamples(decoding.await(3));
        }
    }

    private byte[] pack() {
        try (PackWriter writer = new PackWriter(PackStore.FRAME_MILLIS)) {
            writer.add(groups[2].start + 1L, new long[] {0}, new double[] {1}, null, 1);
            return writer.finish();
        }
    }

    @Test
    void await_leavesLargeGroupsToTheReader() {
        for (SeriesGroup group : groups) {
            group.packedSamples = DecodeAhead.MOST_SAMPLES + 1;
        }
        try (DecodeAhead decoding = new DecodeAhead(groups, this::decoder)) {
            decoding.ready(GROUPS);
            decoding.help(helpers);
            for (int number = 0; number < GROUPS; number++) {
                assertSamples(decoding.await(number));
                assertThat(number + 1 < GROUPS && groups[number + 1].claimed).isFalse();
            }
        }
    }

    @Test
    void close_waitsForTheHelper_whoseThreadIsFreeAfterwards() throws InterruptedException {
        DecodeAhead decoding = new DecodeAhead(groups, this::decoder);
        decoding.ready(GROUPS);
        decoding.help(helpers);
        decoding.await(0);

        decoding.close();

        long decoded = Arrays.stream(groups).filter(group -> group.decoded).count();
        assertThat(decoded).isLessThanOrEqualTo(1 + DecodeAhead.AHEAD);
        helpers.shutdown();
        assertThat(helpers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
}
