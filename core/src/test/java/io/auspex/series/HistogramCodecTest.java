package io.auspex.series;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.codec.FormatException;
import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import io.auspex.codec.Shapes;
import io.auspex.platform.Code;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class HistogramCodecTest {
    @Test
    void decode_invertsEncode_bitByBit() {
        forAll(random -> {
            NativeHistogram histogram = random(random);

            assertThat(HistogramCodec.decode(HistogramCodec.encode(histogram))).isEqualTo(histogram);
        });
    }

    /** Pins the bytes: a change here is a format change and needs a new version, not a new expectation. */
    @Test
    void encode_isStable() {
        NativeHistogram histogram = new NativeHistogram(
                3,
                17,
                42.5,
                0.001,
                2,
                -3,
                new double[] {1, 4, 7},
                0,
                new double[] {3},
                new double[0],
                ResetHint.NOT_RESET);

        assertThat(HexFormat.of().formatHex(HistogramCodec.encode(histogram)))
                .isEqualTo("010206002210d20630020004050302010002060001000600");
    }

    @Test
    void decode_isRefused_whenCutOffOrOfAnotherVersion() {
        byte[] bytes = HistogramCodec.encode(new NativeHistogram(
                0, 1, 1, 0, 0, 0, new double[] {1}, 0, new double[0], new double[0], ResetHint.GAUGE));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> HistogramCodec.decode(cut)).isInstanceOf(FormatException.class);
        }
        bytes[0] = 2;
        assertThatThrownBy(() -> HistogramCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.FORMAT_TOO_NEW));
    }

    @Test
    void packs_carryHistogramsBesideFloats() {
        forAll(random -> {
            SampleColumn column = new SampleColumn();
            for (long timestamp : Shapes.timestamps(random, 1 + random.nextInt(40))) {
                if (random.nextBoolean()) {
                    column.append(timestamp, random.nextInt());
                } else {
                    column.append(timestamp, random(random));
                }
            }
            SampleColumn read = new SampleColumn();
            long from = column.timestamp(random.nextInt(column.size()));
            try (PackWriter writer = new PackWriter(7_200_000);
                    PackReader reader = new PackReader()) {
                PackedColumns.write(writer, 5, column);
                byte[] pack = writer.finish();
                PackDirectory directory = PackDirectory.parse(pack);
                for (int frame = 0; frame < directory.frameCount(); frame++) {
                    reader.frame(directory, frame, pack, directory.frameOffset(frame));
                    PackedColumns.read(reader, 0, from, Long.MAX_VALUE, read);
                }
            }
            int first = column.indexFrom(from);
            assertThat(read.size()).isEqualTo(column.size() - first);
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.timestamp(i)).isEqualTo(column.timestamp(first + i));
                assertThat(read.histogram(i)).isEqualTo(column.histogram(first + i));
                assertThat(read.histogram(i) != null || read.value(i) == column.value(first + i))
                        .isTrue();
            }
        });
    }

    private static NativeHistogram random(RandomGenerator random) {
        boolean custom = random.nextInt(4) == 0;
        double[] scalars = Shapes.values(random, 4);
        double[] positive = random.nextBoolean() ? Shapes.values(random, 1 + random.nextInt(200)) : new double[0];
        return new NativeHistogram(
                custom ? NativeHistogram.CUSTOM_SCHEMA : random.nextInt(13) - 4,
                scalars[0],
                scalars[1],
                scalars[2],
                scalars[3],
                random.nextInt(),
                positive,
                random.nextInt(100) - 50,
                custom ? new double[0] : Shapes.values(random, 1 + random.nextInt(20)),
                custom ? Shapes.values(random, 1 + positive.length) : new double[0],
                ResetHint.values()[random.nextInt(4)]);
    }
}
