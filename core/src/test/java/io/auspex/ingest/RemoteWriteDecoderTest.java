package io.auspex.ingest;

import static io.auspex.ingest.WriteRequests.request;
import static io.auspex.ingest.WriteRequests.sample;
import static io.auspex.ingest.WriteRequests.series;
import static io.auspex.ingest.WriteRequests.snappy;
import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import io.auspex.series.StaleMarker;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RemoteWriteDecoderTest {
    private static final SeriesResolver NOBODY = (high, low, from, to, refs) -> Arrays.fill(refs, from, to, -1);
    private static final String[] UP = {"__name__", "up", "job", "api"};

    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder();
    private final DecodedBatch batch = new DecodedBatch();

    private void decode(byte[] raw, SeriesResolver resolver) {
        byte[] body = snappy(raw);
        decoder.decode(body, 0, body.length, IngestLimits.DEFAULT, resolver, batch);
    }

    @Test
    void decode_readsTheBytesOfTheProtocol() {
        byte[] raw = HexFormat.of()
                .parseHex("0a2e" + "0a0e0a085f5f6e616d655f5f12027570" + "0a0a0a036a6f621203617069" + "1210"
                        + "09000000000000f03f" + "1080d095ffbc31");

        decode(raw, NOBODY);

        assertThat(batch.seriesCount()).isOne();
        assertThat(batch.labels(0)).isEqualTo(Labels.of(UP));
        assertThat(batch.nextNew(0)).isZero();
        assertThat(batch.sampleCount()).isOne();
        assertThat(batch.values()[0]).isEqualTo(1);
        assertThat(batch.timestamps()[0]).isEqualTo(1_700_000_000_000L);
        assertThat(raw).isEqualTo(request(series(UP, sample(1, 1_700_000_000_000L))));
    }

    @Test
    void decode_findsKnownSeries_whateverTheOrderOfTheirLabels() {
        SeriesMap known = new SeriesMap();
        SeriesIdentity up = SeriesIdentity.of(Labels.of(UP));
        known.putIfAbsent(up.high(), up.low(), 42);
        String[] turned = {"job", "api", "empty", "", "__name__", "up"};

        decode(request(series(UP, sample(1, 5)), series(turned, sample(2, 6).andThen(sample(3, 7)))), known::find);

        assertThat(batch.ref(0)).isEqualTo(42);
        assertThat(batch.ref(1)).isEqualTo(42);
        assertThat(batch.nextNew(0)).isEqualTo(-1);
        assertThat(batch.labels(0)).isEqualTo(batch.labels(1)).isEqualTo(Labels.of(UP));
        assertThat(Arrays.copyOf(batch.sampleSeries(), batch.sampleCount())).containsExactly(0, 1, 1);
        assertThat(Arrays.copyOf(batch.values(), 3)).containsExactly(1, 2, 3);
    }

    @Test
    void decode_readsLabels_evenWhenTheyDoNotStandTogether() {
        byte[] raw = request(series -> series.nested(
                        1, label -> label.text(1, "__name__").text(2, "up"))
                .nested(2, sample -> sample.varint(2, 9))
                .nested(1, label -> label.text(2, "api").text(1, "job"))
                .varint(77, 1)
                .nested(1, label -> label.text(1, "a").text(2, "b")));

        decode(raw, NOBODY);

        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "up", "job", "api", "a", "b"));
        assertThat(batch.values()[0]).isZero();
    }

    @Test
    void decode_judgesEachSeriesByItself() {
        String[] many = new String[2 * 65];
        Arrays.setAll(many, i -> i == 0 ? "__name__" : "n" + i);
        byte[] badUtf8 = {'x', (byte) 0xc0, (byte) 0x80};

        decode(
                request(
                        series(new String[] {"job", "api"}, sample(1, 1)),
                        series(new String[] {"__name__", "up", "a", "1", "a", "2"}, sample(1, 1)),
                        series(new String[] {"__name__", "up", "", "1"}, sample(1, 1)),
                        series(new String[] {"__name__", "up", "x".repeat(1025), "1"}, sample(1, 1)),
                        series(new String[] {"__name__", "up", "x", "v".repeat(4097)}, sample(1, 1)),
                        series(many, sample(1, 1)),
                        series -> series.nested(
                                        1, label -> label.bytes(1, badUtf8).text(2, "v"))
                                .nested(2, sample -> {}),
                        series -> series.nested(
                                        1, label -> label.text(1, "__name__").bytes(2, badUtf8))
                                .nested(2, sample -> {}),
                        series(new String[] {"__name__", ""}, sample(1, 1)),
                        series(UP, sample(StaleMarker.VALUE, 1))),
                NOBODY);

        assertThat(java.util.stream.IntStream.range(0, batch.seriesCount()).mapToObj(batch::reason))
                .containsExactly(
                        Reason.METRIC_NAME_MISSING,
                        Reason.LABEL_DUPLICATE,
                        Reason.LABEL_NAME_INVALID,
                        Reason.LABEL_NAME_TOO_LONG,
                        Reason.LABEL_VALUE_TOO_LONG,
                        Reason.LABEL_LIMIT,
                        Reason.LABEL_NAME_INVALID,
                        Reason.LABEL_VALUE_INVALID,
                        Reason.METRIC_NAME_MISSING,
                        null);
        assertThat(batch.nextNew(0)).isEqualTo(9);
        assertThat(batch.describe(1)).isEqualTo("{__name__=\"up\", a=\"1\", a=\"2\"}");
        assertThat(batch.describe(4)).hasSizeLessThan(320);
        assertThat(StaleMarker.is(batch.values()[9])).isTrue();
    }

    @Test
    void decode_readsHistograms_intoDenseBuckets() {
        decode(request(series(UP, series -> series.nested(4, RemoteWriteDecoderTest::histogram))), NOBODY);

        assertThat(batch.histogramCount()).isOne();
        assertThat(batch.histogramTimestamp(0)).isEqualTo(1234);
        assertThat(batch.histogram(0))
                .isEqualTo(new NativeHistogram(
                        1,
                        16,
                        18.5,
                        0.001,
                        2,
                        -2,
                        new double[] {3, 4, 0, 0, 1},
                        3,
                        new double[] {6},
                        new double[0],
                        ResetHint.NOT_RESET));
    }

    private static void histogram(ProtoWriter histogram) {
        histogram
                .varint(1, 16)
                .number(3, 18.5)
                .zigzag(4, 1)
                .number(5, 0.001)
                .varint(6, 2)
                .nested(8, span -> span.zigzag(1, 3).varint(2, 1))
                .packedZigzags(9, 6)
                .nested(11, span -> span.zigzag(1, -2).varint(2, 2))
                .nested(11, span -> span.zigzag(1, 2).varint(2, 1))
                .packedZigzags(12, 3, 1, -3)
                .varint(14, 2)
                .varint(15, 1234);
    }

    @Test
    void decode_refusesHistograms_thatContradictThemselvesOrAreTooLarge() {
        assertThat(reasonOf(histogram -> histogram.varint(1, 5))).isEqualTo(Reason.HISTOGRAM_INVALID);
        assertThat(reasonOf(histogram -> histogram.zigzag(4, 9))).isEqualTo(Reason.HISTOGRAM_INVALID);
        assertThat(reasonOf(histogram -> histogram
                        .varint(1, 1)
                        .nested(11, span -> span.varint(2, 2))
                        .packedZigzags(12, 1)))
                .isEqualTo(Reason.HISTOGRAM_INVALID);
        assertThat(reasonOf(histogram ->
                        histogram.nested(11, span -> span.varint(2, 1)).packedZigzags(12, -1)))
                .isEqualTo(Reason.HISTOGRAM_INVALID);
        assertThat(reasonOf(histogram -> histogram.zigzag(4, -53).packedDoubles(16, 2, 1)))
                .isEqualTo(Reason.HISTOGRAM_INVALID);
        assertThat(reasonOf(histogram -> histogram
                        .varint(1, 2)
                        .nested(11, span -> span.varint(2, 1))
                        .nested(11, span -> span.zigzag(1, 1 << 28).varint(2, 1))
                        .packedZigzags(12, 1, 0)))
                .isEqualTo(Reason.HISTOGRAM_TOO_LARGE);
        assertThat(reasonOf(histogram -> histogram
                        .varint(1, 2000)
                        .nested(11, span -> span.varint(2, 2000))
                        .packedZigzags(12, firstOne(2000))))
                .isEqualTo(Reason.HISTOGRAM_TOO_LARGE);
        assertThat(reasonOf(histogram -> histogram
                        .zigzag(4, -53)
                        .number(2, 3)
                        .nested(11, span -> span.varint(2, 2))
                        .packedDoubles(13, 1, 2)
                        .packedDoubles(16, 0.5)))
                .isNull();
    }

    private static long[] firstOne(int count) {
        long[] deltas = new long[count];
        deltas[0] = 1;
        return deltas;
    }

    private Reason reasonOf(Consumer<ProtoWriter> histogram) {
        decode(request(series(UP, series -> series.nested(4, histogram))), NOBODY);
        assertThat(batch.histogram(0) == null).isEqualTo(batch.histogramReason(0) != null);
        return batch.histogramReason(0);
    }

    @Test
    void decode_readsExemplarsAndMetadata() {
        byte[] raw = ProtoWriter.message(request -> request.nested(
                        1,
                        series(
                                UP,
                                series -> series.nested(
                                                3,
                                                exemplar -> exemplar.nested(
                                                                1,
                                                                label -> label.text(1, "trace_id")
                                                                        .text(2, "abc"))
                                                        .number(2, 0.5)
                                                        .varint(3, 99))
                                        .nested(
                                                3,
                                                exemplar -> exemplar.nested(
                                                        1,
                                                        label -> label.text(1, "x")
                                                                .text(2, "y".repeat(128))))))
                .nested(
                        3,
                        about -> about.varint(1, 1)
                                .text(2, "up")
                                .text(4, "Whether it is up.")
                                .text(5, "bool")));

        decode(raw, NOBODY);

        assertThat(batch.exemplarCount()).isEqualTo(2);
        assertThat(batch.exemplar(0).labels()).isEqualTo(Labels.of("trace_id", "abc"));
        assertThat(batch.exemplar(0).value()).isEqualTo(0.5);
        assertThat(batch.exemplar(0).epochMillis()).isEqualTo(99);
        assertThat(batch.exemplar(1)).isNull();
        assertThat(batch.metadata()).containsExactly(new MetricMetadata("up", "counter", "Whether it is up.", "bool"));
    }

    @Test
    void decode_leavesSeriesOut_thatBringNothing() {
        decode(request(series(UP, series -> {}), series(UP, sample(1, 1))), NOBODY);

        assertThat(batch.seriesCount()).isOne();
        assertThat(batch.sampleSeries()[0]).isZero();
    }

    @Test
    void decode_isRefused_whenTheBodyIsNoRequest() {
        assertCode(Code.BAD_DATA, new byte[0]);
        assertCode(Code.BAD_DATA, new byte[] {5, 1, 2});
        assertCode(Code.PAYLOAD_TOO_LARGE, new byte[] {-1, -1, -1, -1, 15, 0});
        assertCode(Code.BAD_DATA, new byte[] {-128, -128, -128, 8, 0, 0});
        assertCode(Code.BAD_DATA, snappy(new byte[] {0x0a, 100, 1}));
        assertCode(Code.BAD_DATA, snappy(new byte[] {0x0b}));
        // A copy that reaches before the start would show what an earlier request left in the buffer.
        assertCode(Code.BAD_DATA, new byte[] {8, 0x0d, 4, 0x0d, 4});
        assertCode(Code.BAD_DATA, new byte[] {8, 0, 'a', 0x0d, 0});
    }

    private void assertCode(Code code, byte[] body) {
        assertThatThrownBy(() -> decoder.decode(body, 0, body.length, IngestLimits.DEFAULT, NOBODY, batch))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void inflate_invertsSnappy_forAnyBytes() {
        SnappyBlock block = new SnappyBlock();
        forAll(random -> {
            byte[] raw = new byte[random.nextInt(100_000)];
            int alphabet = 1 + random.nextInt(255);
            for (int i = 0; i < raw.length; i++) {
                raw[i] = (byte)
                        (random.nextInt(9) > 0 && i > 40 ? raw[i - 1 - random.nextInt(39)] : random.nextInt(alphabet));
            }
            byte[] body = snappy(raw);

            int size = block.inflate(body, 0, body.length, 1 << 20);

            assertThat(Arrays.copyOf(block.bytes(), size)).isEqualTo(raw);
        });
    }

    /** {@code -Dauspex.fuzz=1000000} runs a million bodies. */
    @Test
    void decode_givesABatchOrACodedError_forAnyBytes() {
        int bodies = Integer.getInteger("auspex.fuzz", 20_000);
        byte[] seed = ProtoWriter.message(request -> request.nested(
                        1,
                        series(UP, sample(1, 1).andThen(series -> series.nested(4, RemoteWriteDecoderTest::histogram))))
                .nested(1, series(new String[] {"__name__", "x", "é", "ü"}, sample(2, 2)))
                .nested(3, about -> about.varint(1, 1).text(2, "up")));
        byte[] packed = snappy(seed);
        long first = Long.getLong("auspex.seed", 4711);
        for (int i = 0; i < bodies; i++) {
            RandomGenerator random = new java.util.SplittableRandom(first + i);
            byte[] body = random.nextBoolean() ? snappy(mutate(seed, random)) : mutate(packed, random);
            try {
                decoder.decode(body, 0, body.length, IngestLimits.DEFAULT, NOBODY, batch);
                assertThat(batch.sampleCount() + batch.histogramCount()).isLessThanOrEqualTo(40 * body.length);
                for (int series = 0; series < batch.seriesCount(); series++) {
                    batch.describe(series);
                }
            } catch (AuspexException e) {
                assertThat(e.code().status()).as("seed %d", first + i).isBetween(400, 499);
            } catch (RuntimeException e) {
                throw new AssertionError("falsified; replay with -Dauspex.seed=" + (first + i), e);
            }
        }
    }

    private static byte[] mutate(byte[] seed, RandomGenerator random) {
        byte[] mutated = Arrays.copyOf(seed, random.nextInt(4) == 0 ? random.nextInt(seed.length + 1) : seed.length);
        for (int changes = random.nextInt(6); changes > 0 && mutated.length > 0; changes--) {
            int at = random.nextInt(mutated.length);
            mutated[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) (mutated[at] ^ 1 << random.nextInt(8));
                default -> (byte) 0xff;
            };
        }
        return mutated;
    }
}
