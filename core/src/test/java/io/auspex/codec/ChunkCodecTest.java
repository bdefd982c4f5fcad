package io.auspex.codec;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.Code;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class ChunkCodecTest {
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final ChunkDecoder decoder = new ChunkDecoder();

    @Test
    void values_comeBackBitByBit_whateverTheirShape() {
        forAll(random -> {
            int count = 1 + random.nextInt(700);
            double[] values = Shapes.values(random, count);
            int from = random.nextInt(count);
            ByteWriter out = new ByteWriter();

            encoder.values(values, from, count - from, out);

            double[] read = new double[count];
            ByteReader in = new ByteReader(out.toByteArray());
            decoder.values(in, count - from, read, from);
            assertThat(Shapes.bits(read, from, count)).isEqualTo(Shapes.bits(values, from, count));
            assertThat(in.remaining()).isZero();
        });
    }

    @Test
    void timestamps_comeBack_whateverTheirShape() {
        forAll(random -> {
            long[] timestamps = Shapes.timestamps(random, 1 + random.nextInt(700));
            if (random.nextInt(4) == 0) {
                Arrays.setAll(timestamps, i -> random.nextLong());
            }
            ByteWriter out = new ByteWriter();

            encoder.timestamps(timestamps, 0, timestamps.length, out);

            long[] read = new long[timestamps.length];
            decoder.timestamps(new ByteReader(out.toByteArray()), read.length, read, 0);
            assertThat(read).isEqualTo(timestamps);
        });
    }

    /** Pins the bytes: a change here is a format change and needs a new form, not a new expectation. */
    @Test
    void encode_isStable() {
        assertThat(values(5, 5, 5)).isEqualTo("000a");
        assertThat(values(0.25, 0.25)).isEqualTo("2032");
        assertThat(values(Math.PI, Math.PI)).isEqualTo("01182d4454fb210940");
        assertThat(values(1, 2, 3, 4, 5)).isEqualTo("0201000202");
        assertThat(values(10, 12, 11, 15, 10, 13)).isEqualTo("02000314508a01");
        assertThat(values(0.5, 0.7, 0.6, 90000)).isEqualTo("1208020a0103e6dd0dd8");
        assertThat(values(1, Double.longBitsToDouble(0x7ff0000000000002L), 1)).isEqualTo("0a00000201" + "0100");
        assertThat(values(1.0 / 3, 2.0 / 3)).isEqualTo("043fd5555555555555d40e");
        assertThat(timestamps(1000, 2000, 3000, 4000)).isEqualTo("0100d00fd00f");
        assertThat(timestamps(1000, 2000, 3001, 4000, 5000, 6000)).isEqualTo("0602d00fd00f2e");
    }

    @Test
    void values_areSmall_forTheShapesOfMonitoring() {
        double[] counter = new double[480];
        double[] gauge = new double[480];
        double[] ending = new double[480];
        Arrays.setAll(counter, i -> i * 37.0);
        Arrays.setAll(gauge, i -> Math.rint(50 + 10 * Math.sin(i / 20.0)) / 100);
        Arrays.setAll(ending, i -> i < 479 ? i : Double.longBitsToDouble(0x7ff0000000000002L));

        assertThat(values(counter)).hasSizeLessThanOrEqualTo(2 * 8);
        assertThat(values(gauge)).hasSizeLessThanOrEqualTo(2 * (480 * 5 / 8 + 8));
        assertThat(values(ending)).hasSizeLessThanOrEqualTo(2 * 14);
    }

    @Test
    void decode_neverLeavesItsRange_whenBytesAreDamaged() {
        forAll(random -> {
            int count = 1 + random.nextInt(200);
            ByteWriter out = new ByteWriter();
            encoder.values(Shapes.values(random, count), 0, count, out);
            byte[] damaged = Arrays.copyOf(out.toByteArray(), 1 + random.nextInt(out.size()));
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                decoder.values(new ByteReader(damaged), count, new double[count], 0);
            } catch (FormatException e) {
                assertThat(e.code()).isEqualTo(Code.DATA_CORRUPT);
            }
        });
    }

    @Test
    void readVarint_isRefused_whenItDoesNotEnd() {
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0xff);

        assertThatThrownBy(() -> new ByteReader(endless).readVarint()).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> new ByteReader(new byte[] {(byte) 0x80}).readVarint())
                .isInstanceOf(FormatException.class);
    }

    private String values(double... values) {
        ByteWriter out = new ByteWriter();
        encoder.values(values, 0, values.length, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private String timestamps(long... timestamps) {
        ByteWriter out = new ByteWriter();
        encoder.timestamps(timestamps, 0, timestamps.length, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
