package io.auspex.codec;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PackTest {
    private static final long HOUR = 3_600_000;
    private static final long START = 1_699_999_200_000L;

    private record Column(long id, long[] timestamps, double[] values, byte @Nullable [] @Nullable [] blobs) {}

    @Test
    void read_givesBackEachSeries_frameByFrame() {
        forAll(random -> {
            try (PackWriter writer = new PackWriter(HOUR * (1 + random.nextInt(3)));
                    PackReader reader = new PackReader()) {
                for (int round = 0; round < 2; round++) {
                    Column[] columns = columns(random);
                    for (Column column : columns) {
                        writer.add(column.id, column.timestamps, column.values, column.blobs, column.timestamps.length);
                    }
                    byte[] pack = writer.finish();
                    PackDirectory directory = PackDirectory.parse(
                            Arrays.copyOf(pack, PackDirectory.prefixLength(Arrays.copyOf(pack, 12))));
                    assertThat(directory.seriesCount()).isEqualTo(columns.length);
                    for (Column column : columns) {
                        assertRead(column, directory, reader, pack);
                        assertReadWithin(column, directory, reader, pack, random);
                    }
                }
            }
        });
    }

    private static Column[] columns(RandomGenerator random) {
        Column[] columns = new Column[1 + random.nextInt(20)];
        long[] shared = Shapes.timestamps(random, 1 + random.nextInt(600));
        long id = random.nextLong(1L << random.nextInt(1, 60));
        for (int i = 0; i < columns.length; i++) {
            id += 1 + random.nextLong(1L << random.nextInt(1, 30));
            int count = random.nextInt(4) == 0 ? random.nextInt(shared.length + 1) : shared.length;
            long[] timestamps = random.nextInt(8) == 0
                    ? Shapes.timestamps(random, 1 + random.nextInt(300))
                    : Arrays.copyOf(shared, count);
            double[] values = Shapes.values(random, Math.max(1, timestamps.length));
            byte[] @Nullable [] blobs = random.nextInt(5) == 0 ? new byte[timestamps.length][] : null;
            if (blobs != null) {
                Arrays.setAll(blobs, at -> random.nextBoolean() ? null : new byte[random.nextInt(40)]);
            }
            columns[columns.length - 1 - i] = new Column(id, timestamps, values, blobs);
        }
        return columns;
    }

    private static void assertRead(Column column, PackDirectory directory, PackReader reader, byte[] pack) {
        int series = directory.find(column.id);
        int at = 0;
        for (int frame = 0; frame < directory.frameCount(); frame++) {
            int count = directory.sampleCount(frame, series);
            if (count == 0) {
                continue;
            }
            int offset = directory.frameOffset(frame);
            byte[] slice = Arrays.copyOfRange(pack, offset, offset + directory.frameLength(frame));
            reader.frame(directory, frame, slice, 0);
            long[] timestamps = new long[count];
            double[] values = new double[count];
            reader.read(series, timestamps, values, 0);
            assertThat(timestamps).isEqualTo(Arrays.copyOfRange(column.timestamps, at, at + count));
            assertThat(Shapes.bits(values, 0, count)).isEqualTo(Shapes.bits(column.values, at, at + count));
            assertThat(directory.minTime(frame, series)).isEqualTo(timestamps[0]);
            assertThat(directory.maxTime(frame, series)).isEqualTo(timestamps[count - 1]);
            assertThat(directory.frameMinTime(frame)).isLessThanOrEqualTo(timestamps[0]);
            assertThat(directory.frameMaxTime(frame)).isGreaterThanOrEqualTo(timestamps[count - 1]);
            if (column.blobs != null) {
                assertThat(reader.blobs(series)).isDeepEqualTo(Arrays.copyOfRange(column.blobs, at, at + count));
            }
            at += count;
        }
        assertThat(at).isEqualTo(column.timestamps.length);
    }

    private static void assertReadWithin(
            Column column, PackDirectory directory, PackReader reader, byte[] pack, RandomGenerator random) {
        int size = column.timestamps.length;
        if (size == 0) {
            return;
        }
        long from = column.timestamps[random.nextInt(size)] - random.nextInt(2);
        long to = column.timestamps[random.nextInt(size)] + random.nextInt(2);
        int series = directory.find(column.id);
        long[] timestamps = new long[size];
        double[] values = new double[size];
        int found = 0;
        for (int frame = 0; frame < directory.frameCount(); frame++) {
            reader.frame(directory, frame, pack, directory.frameOffset(frame));
            int room = reader.count(series);
            timestamps = Arrays.copyOf(timestamps, Math.max(timestamps.length, found + room));
            values = Arrays.copyOf(values, timestamps.length);
            found += reader.read(series, from, to, timestamps, values, found);
        }
        int[] expected = IntStream.range(0, size)
                .filter(i -> column.timestamps[i] >= from && column.timestamps[i] <= to)
                .toArray();
        assertThat(Arrays.copyOf(timestamps, found))
                .isEqualTo(IntStream.of(expected)
                        .mapToLong(i -> column.timestamps[i])
                        .toArray());
        assertThat(Shapes.bits(values, 0, found))
                .isEqualTo(Shapes.bits(
                        IntStream.of(expected)
                                .mapToDouble(i -> column.values[i])
                                .toArray(),
                        0,
                        expected.length));
    }

    /** Pins the bytes: a change here is a format change and needs a new version, not a new expectation. */
    @Test
    void finish_isStable() {
        assertThat(HexFormat.of().formatHex(small()))
                .isEqualTo(
                        "aa5001003400000011e0cf52020e0102a0deee80fa62d89e082121821a2482010900d89e0800b0ea01b8c61a3f39254b8508021c00a0d1191d00b8c61a0101020100a0deee80fa62b0ea01161222000532196490410619000201030005ffffe30728b52ffd203f8501007402010080868181fa62b0ea012e20220005321964904106010201034205fff1ff3ffeffc7fffff87f020028c7db285e");
    }

    @Test
    void find_isMinusOne_whenTheSeriesIsNotThere() {
        PackDirectory directory = PackDirectory.parse(small());

        assertThat(directory.find(7)).isZero();
        assertThat(directory.find(9)).isEqualTo(1);
        assertThat(directory.find(8)).isEqualTo(-1);
        assertThat(directory.find(Long.MIN_VALUE)).isEqualTo(-1);
    }

    @Test
    void parse_saysWhichVersion_whenItCannotReadIt() {
        assertThat(codeWith(2, (byte) 0)).isEqualTo(Code.FORMAT_TOO_OLD);
        assertThat(codeWith(2, (byte) 2)).isEqualTo(Code.FORMAT_TOO_NEW);
        assertThat(codeWith(0, (byte) 1)).isEqualTo(Code.DATA_CORRUPT);
    }

    private static Code codeWith(int position, byte value) {
        byte[] pack = small();
        pack[position] = value;
        try {
            PackDirectory.parse(pack);
            throw new AssertionError("was read");
        } catch (AuspexException e) {
            return e.code();
        }
    }

    @Test
    void read_isRefused_whenAnyByteIsDamagedOrMissing() {
        byte[] whole = small();
        for (int position = 4; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 1;
            assertThatThrownBy(() -> readAll(damaged))
                    .as("byte %d", position)
                    .isInstanceOfSatisfying(
                            FormatException.class, e -> assertThat(e.code()).isEqualTo(Code.DATA_CORRUPT));
        }
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> readAll(cut)).as("length %d", length).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void add_isRefused_whenTimestampsDoNotAscend() {
        try (PackWriter writer = new PackWriter(HOUR)) {
            assertThatThrownBy(() -> writer.add(1, new long[] {5, 5}, new double[2], 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("5 before 5");
        }
    }

    private static void readAll(byte[] pack) {
        PackDirectory directory = PackDirectory.parse(pack);
        try (PackReader reader = new PackReader()) {
            for (int frame = 0; frame < directory.frameCount(); frame++) {
                reader.frame(directory, frame, pack, directory.frameOffset(frame));
                for (int series = 0; series < directory.seriesCount(); series++) {
                    int count = reader.count(series);
                    reader.read(series, new long[count], new double[count], 0);
                }
            }
        }
    }

    private static byte[] small() {
        try (PackWriter writer = new PackWriter(HOUR)) {
            long[] timestamps = new long[40];
            double[] values = new double[40];
            double[] others = new double[40];
            for (int i = 0; i < 40; i++) {
                timestamps[i] = START + HOUR - 150_000 + i * 15_000L;
                values[i] = i * 3 + i % 7;
                others[i] = i % 2 == 0 ? 0.5 : 0.25;
            }
            writer.add(9, timestamps, values, 40);
            writer.add(7, timestamps, others, 39);
            return writer.finish();
        }
    }
}
