package io.auspex.codec;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class BitPackingTest {
    @Test
    void unpack_invertsPack_forEveryWidth_andStopsWhereItIsTold() {
        forAll(random -> {
            int width = random.nextInt(65);
            long[] values = new long[random.nextInt(200)];
            Arrays.setAll(values, i -> width == 0 ? 0 : random.nextLong() >>> (64 - width));
            ByteWriter out = new ByteWriter();
            out.writeByte(7);

            BitPacking.pack(values, values.length, width, out);

            assertThat(out.size()).isEqualTo(1 + (values.length * width + 7) / 8);
            int needed = random.nextInt(values.length + 1);
            for (int first : new int[] {values.length, needed}) {
                long[] read = new long[values.length + 1];
                ByteReader in = new ByteReader(out.toByteArray());
                in.skip(1);
                BitPacking.unpack(in, values.length, first, width, read, 1);
                assertThat(Arrays.copyOfRange(read, 1, 1 + first)).isEqualTo(Arrays.copyOf(values, first));
                assertThat(Arrays.copyOfRange(read, 1 + first, read.length)).isEqualTo(new long[values.length - first]);
                assertThat(in.remaining()).isZero();
            }
        });
    }
}
