package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class InfluxLineDecoderTest {
    private static final SeriesResolver NOBODY = (high, low, from, to, refs) -> Arrays.fill(refs, from, to, -1);
    private static final long NOW = 1_700_000_000_123L;

    private final InfluxLineDecoder decoder = new InfluxLineDecoder();
    private Labels promoted = Labels.EMPTY;
    private final DecodedBatch batch = new DecodedBatch();

    @Test
    void decode_addsWhatIsPromoted_andATagOfThatNameStays() {
        promoted = Labels.of("db", "shop", "zone", "z1");

        assertThat(decode("cpu,host=a,zone=own v=1,w=2 1000000\nmem v=3 1000000"))
                .isEmpty();

        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "cpu_v", "db", "shop", "host", "a", "zone", "own"));
        assertThat(batch.labels(1)).isEqualTo(Labels.of("__name__", "cpu_w", "db", "shop", "host", "a", "zone", "own"));
        assertThat(batch.labels(2)).isEqualTo(Labels.of("__name__", "mem_v", "db", "shop", "zone", "z1"));
    }

    private List<LineError> decode(String text) {
        return decode(text.getBytes(StandardCharsets.UTF_8), TimePrecision.NANOSECONDS, NOBODY);
    }

    private List<LineError> decode(byte[] body, TimePrecision precision, SeriesResolver resolver) {
        return decoder.decode(body, 0, body.length, precision, NOW, promoted, IngestLimits.DEFAULT, resolver, batch)
                .first();
    }

    @Test
    void decode_makesASampleOfEachField() {
        assertThat(decode("cpu,host=a,Zone=b usage=1.5,count=3i,ok=t,note=\"x, y\",big=18446744073709551615u"
                        + " 1700000000123456789\n"))
                .isEmpty();

        assertThat(batch.sampleCount()).isEqualTo(4);
        assertThat(Arrays.copyOf(batch.values(), 4)).containsExactly(1.5, 3, 1, 18446744073709551616.0);
        assertThat(batch.timestamps()[0]).isEqualTo(NOW);
        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "cpu_usage", "host", "a", "Zone", "b"));
        assertThat(batch.labels(3).metric()).isEqualTo("cpu_big");
    }

    @Test
    void decode_readsEscapesCommentsAndMissingTimestamps() {
        assertThat(decode("# a comment\r\n\nm\\,x\\ y,t\\=g=v\\,1\\ 2 f\\=1=-2e3,s=\"a\\\"\nb\"\r\nm f=.5"))
                .isEmpty();

        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "m,x y_f=1", "t=g", "v,1 2"));
        assertThat(batch.values()[0]).isEqualTo(-2000);
        assertThat(batch.timestamps()[0]).isEqualTo(NOW);
        assertThat(batch.values()[1]).isEqualTo(0.5);
    }

    @Test
    void decode_namesTheLines_thatItRefuses() {
        List<LineError> errors = decode("a v=1\nb v=\nc\n,t=1 v=1\nd,t= v=1\ne v=1 x\nf v=\"open\ng v=0x1p3");

        assertThat(errors).extracting(LineError::line).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(batch.seriesCount()).isOne();
        assertThat(decode("a v=NaN\nb v=1d\nc v=0x1p3\nd v=1,\ne v=1,w=x"))
                .extracting(LineError::line)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(batch.sampleCount()).isZero();
    }

    @Test
    void decode_countsTimeInTheUnitOfTheClient() {
        byte[] body = "a v=1 17".getBytes(StandardCharsets.UTF_8);
        long[] millis = new long[TimePrecision.values().length];
        for (TimePrecision precision : TimePrecision.values()) {
            decode(body, precision, NOBODY);
            millis[precision.ordinal()] = batch.timestamps()[0];
        }

        assertThat(millis).containsExactly(0, 0, 17, 17_000, 1_020_000, 61_200_000);
        assertThat(decode("a v=1 9223372036854775807".getBytes(StandardCharsets.UTF_8), TimePrecision.HOURS, NOBODY))
                .hasSize(1);
    }

    @Test
    void decode_findsTheSeries_thatOtherProtocolsRegistered() {
        SeriesMap known = new SeriesMap();
        SeriesIdentity identity = SeriesIdentity.of(Labels.of("__name__", "cpu_v", "Zone", "b", "host", "a"));
        known.putIfAbsent(identity.high(), identity.low(), 42);

        decode("cpu,host=a,Zone=b v=1".getBytes(StandardCharsets.UTF_8), TimePrecision.SECONDS, known::find);

        assertThat(batch.ref(0)).isEqualTo(42);
    }

    @Test
    void decode_judgesLabels_asForEveryProtocol() {
        decode("a,__name__=x v=1\na,t=1,t=2 v=1");

        assertThat(batch.reason(0)).isEqualTo(Reason.LABEL_DUPLICATE);
        assertThat(batch.reason(1)).isEqualTo(Reason.LABEL_DUPLICATE);
    }

    @Test
    void decode_isRefused_whenFewBytesStandForManyLabels() {
        String line = "m,t=" + "v".repeat(16_000) + " " + "f=1,".repeat(4_000) + "f=1";

        assertThatThrownBy(() -> decode(line))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.PAYLOAD_TOO_LARGE));
    }

    /** {@code -Dauspex.fuzz=1000000} runs a million bodies. */
    @Test
    void decode_givesABatchAndErrors_forAnyBytes() {
        byte[] seed = "cpu,host=a,z\\ one=b u=1.5,c=3i,ok=t,n=\"x, y\" 1700000000123456789\nm f=1\n"
                .getBytes(StandardCharsets.UTF_8);
        byte[] marks = {',', ' ', '=', '"', '\\', '\n', '\r', '#', -1, 'i', 'u', 0};
        long first = Long.getLong("auspex.seed", 4711);
        for (int i = 0; i < Integer.getInteger("auspex.fuzz", 20_000); i++) {
            SplittableRandom random = new SplittableRandom(first + i);
            byte[] body = Arrays.copyOf(seed, random.nextInt(4) == 0 ? random.nextInt(seed.length) : seed.length);
            for (int changes = random.nextInt(6); changes > 0 && body.length > 0; changes--) {
                body[random.nextInt(body.length)] = marks[random.nextInt(marks.length)];
            }
            try {
                decode(body, TimePrecision.NANOSECONDS, NOBODY);
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
