package io.auspex.codec;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.Code;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpoolTest {
    private static final SpoolFormat.Series ONE = new SpoolFormat.Series(7, -1, Long.MIN_VALUE, 5, 2, "{\"a\":\"ü\"}");
    private static final SpoolFormat.Series TWO = new SpoolFormat.Series(8, 1, 2, 8, 0, "{}");
    private static final byte[] SERIES = SpoolFormat.series(3, 1_763_640_000_000L, List.of(ONE, TWO));
    private static final byte[] SAMPLES =
            SpoolFormat.samples(3, 1_763_640_000_001L, 42, new byte[] {1, 2, 3}, new byte[] {4, 5});

    @Test
    void next_givesBackWhatWasWritten() {
        SpoolReader in = new SpoolReader(join(SERIES, SAMPLES));

        assertThat(in.next()).isTrue();
        assertThat(in.isSeries()).isTrue();
        assertThat(in.tenant()).isEqualTo(3);
        assertThat(in.arrivedMillis()).isEqualTo(1_763_640_000_000L);
        assertThat(in.series()).containsExactly(ONE, TWO);
        assertThat(in.next()).isTrue();
        assertThat(in.isSeries()).isFalse();
        assertThat(in.samples()).isEqualTo(42);
        assertThat(in.logRecord(2)).isDeepEqualTo(new byte[][] {{1, 2}, {3, 4}, {5}});
        assertThat(in.next()).isFalse();
        assertThat(in.damaged()).isZero();
    }

    /** Pins the bytes: a change here is a format change and needs a new version, not a new expectation. */
    @Test
    void records_areStable() {
        assertThat(HexFormat.of().formatHex(SERIES))
                .isEqualTo(
                        "aa530101e067fa08350000000300000000be22a19a0100000207ffffffffffffffff000000000000008005020a7b2261223a22c3bc227d08010000000000000002000000000000000800027b7d");
        assertThat(HexFormat.of().formatHex(SAMPLES))
                .isEqualTo("aa5301020f7aa467060000000300000001be22a19a0100002a0102030405");
    }

    @Test
    void next_endsQuietly_whereACrashCutTheFileOff() {
        byte[] file = join(SERIES, SAMPLES);
        for (int length = SERIES.length; length < file.length; length++) {
            SpoolReader in = new SpoolReader(Arrays.copyOf(file, length));
            assertThat(in.next()).isTrue();
            assertThat(in.next()).as("cut off at %d", length).isFalse();
            assertThat(in.damaged()).isZero();
        }
    }

    @Test
    void next_passesOverDamage_wheneverItIs() {
        byte[] file = join(SERIES, SAMPLES, SERIES);
        for (int position = SERIES.length; position < SERIES.length + SAMPLES.length; position++) {
            byte[] damaged = file.clone();
            damaged[position] ^= 4;
            SpoolReader in = new SpoolReader(damaged);
            assertThat(in.next()).isTrue();
            assertThat(in.next()).as("byte %d", position).isTrue();
            assertThat(in.isSeries()).isTrue();
            assertThat(in.next()).isFalse();
            assertThat(in.damaged()).isOne();
        }
    }

    @Test
    void next_refusesARecordOfALaterRelease() {
        byte[] later = SAMPLES.clone();
        later[2] = 2;
        int checksum = SpoolFormat.checksum(later, 0, later.length);
        for (int i = 0; i < 4; i++) {
            later[4 + i] = (byte) (checksum >>> 8 * i);
        }

        assertThatThrownBy(() -> new SpoolReader(later).next())
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.FORMAT_TOO_NEW));
    }

    @Test
    void next_takesAnyBytes() {
        forAll(random -> {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            for (int i = 0; i + 4 < bytes.length; i += 50) {
                bytes[i] = (byte) 0xaa;
                bytes[i + 1] = 'S';
            }
            assertThat(new SpoolReader(bytes).next()).isFalse();
        });
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
