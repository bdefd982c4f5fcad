package io.auspex.ingest;

import static io.auspex.ingest.WriteRequests.snappy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class RemoteWrite2DecoderTest {
    private static final SeriesResolver NOBODY = (high, low, from, to, refs) -> Arrays.fill(refs, from, to, -1);

    private final RemoteWrite2Decoder decoder = new RemoteWrite2Decoder();
    private final DecodedBatch batch = new DecodedBatch();

    private void decode(byte[] raw, SeriesResolver resolver) {
        byte[] body = snappy(raw);
        decoder.decode(body, 0, body.length, IngestLimits.DEFAULT, resolver, batch);
    }

    @SafeVarargs
    private static byte[] request(String[] symbols, Consumer<ProtoWriter>... series) {
        return ProtoWriter.message(request -> {
            for (String symbol : symbols) {
                request.text(4, symbol);
            }
            for (Consumer<ProtoWriter> each : series) {
                request.nested(5, each);
            }
        });
    }

    private static final String[] SYMBOLS = {"", "__name__", "up", "job", "api", "Whether it is up.", "trace_id", "abc"
    };

    private static Consumer<ProtoWriter> up(Consumer<ProtoWriter> rows) {
        return series -> rows.accept(series.packedVarints(1, 1, 2, 3, 4));
    }

    private static Consumer<ProtoWriter> sample(double value, long timestamp) {
        return series -> series.nested(2, sample -> sample.number(1, value).varint(2, timestamp));
    }

    @Test
    void decode_readsTheBytesOfTheProtocol() {
        byte[] raw = HexFormat.of()
                .parseHex("2200" + "22085f5f6e616d655f5f" + "22027570" + "2203" + "6a6f62" + "2203617069" + "2a18"
                        + "0a0401020304" + "1210" + "09000000000000f03f" + "1080d095ffbc31");

        decode(raw, NOBODY);

        assertThat(batch.seriesCount()).isOne();
        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "up", "job", "api"));
        assertThat(batch.values()[0]).isEqualTo(1);
        assertThat(batch.timestamps()[0]).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void decode_findsTheSeries_thatVersionOneRegistered() {
        SeriesMap known = new SeriesMap();
        SeriesIdentity up = SeriesIdentity.of(Labels.of("__name__", "up", "job", "api"));
        known.putIfAbsent(up.high(), up.low(), 42);

        decode(
                request(
                        SYMBOLS,
                        up(sample(1, 5)),
                        series -> sample(2, 6)
                                .accept(series.varint(1, 3)
                                        .varint(1, 4)
                                        .varint(1, 1)
                                        .varint(1, 2))),
                known::find);

        assertThat(batch.ref(0)).isEqualTo(42);
        assertThat(batch.ref(1)).isEqualTo(42);
    }

    @Test
    void decode_readsExemplarsMetadataHistogramsAndCreatedTimestamps() {
        decode(
                request(
                        SYMBOLS,
                        up(series -> series.nested(
                                        5, about -> about.varint(1, 1).varint(3, 5))
                                .varint(6, 77)
                                .nested(
                                        4,
                                        exemplar -> exemplar.packedVarints(1, 6, 7)
                                                .number(2, 0.5)
                                                .varint(3, 99))
                                .nested(3, histogram -> histogram.varint(15, 12))),
                        up(series -> sample(3, 4)
                                .accept(series.nested(
                                        5, about -> about.varint(1, 1).varint(3, 5))))),
                NOBODY);

        assertThat(batch.exemplar(0)).isEqualTo(new Exemplar(Labels.of("trace_id", "abc"), 0.5, 99));
        assertThat(batch.exemplarSeries(0)).isZero();
        assertThat(batch.metadata()).containsExactly(new MetricMetadata("up", "counter", "Whether it is up.", ""));
        assertThat(batch.createdTimestamp(0)).isEqualTo(77);
        assertThat(batch.createdTimestamp(1)).isZero();
        assertThat(batch.histogramCount()).isOne();
        assertThat(batch.histogramTimestamp(0)).isEqualTo(12);
        assertThat(batch.sampleSeries()[0]).isOne();
        assertThat(batch.labels(1)).isEqualTo(batch.labels(0));
    }

    @Test
    void decode_isRefused_whenReferencesLeadNowhere() {
        assertCode(Code.BAD_DATA, request(SYMBOLS, series -> sample(1, 1).accept(series.packedVarints(1, 1, 8))));
        assertCode(Code.BAD_DATA, request(SYMBOLS, series -> sample(1, 1).accept(series.packedVarints(1, 1, 2, 3))));
        assertCode(Code.BAD_DATA, request(SYMBOLS, up(series -> series.nested(5, about -> about.varint(3, 1L << 40)))));
    }

    private void assertCode(Code code, byte[] raw) {
        assertThatThrownBy(() -> decode(raw, NOBODY))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void decode_refusesSeries_whoseSymbolsAreTooLarge() {
        String[] symbols = {"", "__name__", "up", "x", "v".repeat(20_000)};

        decode(request(symbols, series -> sample(1, 1).accept(series.packedVarints(1, 1, 2, 3, 4))), NOBODY);

        assertThat(batch.reason(0)).isEqualTo(Reason.LABELS_TOO_LARGE);
        assertThat(batch.describe(0)).isEqualTo("{__name__=\"up\"}");
        assertThat(batch.nextNew(0)).isEqualTo(-1);
    }

    @Test
    void decode_isRefused_whenFewBytesStandForManyLabels() {
        String[] symbols = {"", "__name__", "v".repeat(4_000)};
        byte[] raw = ProtoWriter.message(request -> {
            for (String symbol : symbols) {
                request.text(4, symbol);
            }
            for (int i = 0; i < 10_000; i++) {
                request.nested(5, series -> sample(1, 1).accept(series.packedVarints(1, 1, 2)));
            }
        });

        assertCode(Code.PAYLOAD_TOO_LARGE, raw);
    }

    /** {@code -Dauspex.fuzz=1000000} runs a million bodies. */
    @Test
    void decode_givesABatchOrACodedError_forAnyBytes() {
        int bodies = Integer.getInteger("auspex.fuzz", 20_000);
        byte[] seed = request(
                SYMBOLS,
                up(sample(1, 1)
                        .andThen(series ->
                                series.nested(5, about -> about.varint(1, 1).varint(3, 5)))
                        .andThen(series -> series.nested(
                                4, exemplar -> exemplar.packedVarints(1, 6, 7).number(2, 1)))),
                up(sample(2, 2).andThen(series -> series.varint(6, 5))));
        long first = Long.getLong("auspex.seed", 4711);
        for (int i = 0; i < bodies; i++) {
            SplittableRandom random = new SplittableRandom(first + i);
            byte[] raw = Arrays.copyOf(seed, random.nextInt(4) == 0 ? random.nextInt(seed.length) : seed.length);
            for (int changes = random.nextInt(6); changes > 0 && raw.length > 0; changes--) {
                raw[random.nextInt(raw.length)] = (byte) random.nextInt();
            }
            try {
                decode(raw, NOBODY);
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
}
