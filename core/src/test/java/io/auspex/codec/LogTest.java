package io.auspex.codec;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.Code;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class LogTest {
    private final LogEncoder encoder = new LogEncoder();
    private final LogDecoder decoder = new LogDecoder();

    @Test
    void open_givesBackWhatWasAdded_andTheEncoderIsReusable() {
        forAll(random -> {
            int count = random.nextInt(5000);
            double[] values = count == 0 ? new double[0] : Shapes.values(random, count);
            long[] ids = new long[count];
            long[] timestamps = new long[count];
            boolean sorted = random.nextBoolean();
            for (int i = 0; i < count; i++) {
                ids[i] = sorted ? 1000 + i : random.nextLong();
                timestamps[i] = sorted ? 1_700_000_000_000L + i / 500 : random.nextLong();
                encoder.add(ids[i], timestamps[i], values[i]);
            }
            byte[][] blobs = new byte[random.nextInt(3)][];
            for (int i = 0; i < blobs.length; i++) {
                blobs[i] = new byte[random.nextInt(20_000)];
                random.nextBytes(blobs[i]);
                encoder.addBlob(i, -i, blobs[i]);
            }
            int maxPart = random.nextInt(16, 9000);

            byte[][] parts = encoder.finish(maxPart);

            assertThat(Arrays.asList(parts))
                    .allSatisfy(part -> assertThat(part.length).isBetween(1, maxPart));
            decoder.open(parts);
            assertThat(Arrays.copyOf(decoder.seriesIds(), decoder.count())).isEqualTo(ids);
            assertThat(Arrays.copyOf(decoder.timestamps(), decoder.count())).isEqualTo(timestamps);
            assertThat(Shapes.bits(decoder.values(), 0, decoder.count())).isEqualTo(Shapes.bits(values, 0, count));
            assertThat(decoder.blobCount()).isEqualTo(blobs.length);
            for (int i = 0; i < blobs.length; i++) {
                assertThat(decoder.blob(i)).isEqualTo(blobs[i]);
                assertThat(decoder.blobSeriesId(i)).isEqualTo(i);
                assertThat(decoder.blobTimestamp(i)).isEqualTo(-i);
            }
        });
    }

    /** Pins the bytes: a change here is a format change and needs a new version, not a new expectation. */
    @Test
    void finish_isStable() {
        assertThat(HexFormat.of().formatHex(small()[0]))
                .isEqualTo(
                        "aa4c0100d13f8e0658000000580000001f0102c8013b0202f3010280a0abfef9623b000202a8010a090a080a090a080a0f00020406080a0c0e10121416181a1c1e202224260a9a086efe080ce2098201c60a0eaa0b020000000000f07f0884a0abfef96203010203");
    }

    @Test
    void finish_isSmall_forASteadyScrape() {
        for (int i = 0; i < 2000; i++) {
            encoder.add(50_000 + i, 1_700_000_000_000L, i % 3 == 0 ? 0 : i * 17 % 1000);
        }

        assertThat(encoder.finish(LogEncoder.MAX_PART).length).isEqualTo(1);
    }

    @Test
    void open_saysWhatIsWrong_whenBytesAreDamagedOrMissing() {
        byte[] whole = small()[0];
        for (int position = 4; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 4;
            assertThatThrownBy(() -> decoder.open(damaged))
                    .as("byte %d", position)
                    .isInstanceOfSatisfying(
                            FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.DATA_CORRUPT));
        }
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decoder.open(cut)).as("length %d", length).isInstanceOf(FormatException.class);
        }
        whole[2] = 0;
        assertThatThrownBy(() -> decoder.open(whole))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.FORMAT_TOO_OLD));
        whole[2] = 9;
        assertThatThrownBy(() -> decoder.open(whole))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.FORMAT_TOO_NEW));
    }

    private byte[][] small() {
        for (int i = 0; i < 30; i++) {
            encoder.add(100 + i, 1_700_000_000_000L, i < 20 ? i : i / 4.0);
        }
        encoder.add(7, 1_700_000_000_001L, Double.longBitsToDouble(0x7ff0000000000002L));
        encoder.addBlob(8, 1_700_000_000_002L, new byte[] {1, 2, 3});
        return encoder.finish(LogEncoder.MAX_PART);
    }
}
