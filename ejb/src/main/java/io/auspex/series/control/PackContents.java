package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import io.auspex.series.PackedColumns;
import io.auspex.series.SampleColumn;
import java.util.TreeMap;

/** Takes packs apart and puts them together again. Holds native memory until closed; not thread-safe. */
final class PackContents implements AutoCloseable {
    private final PackReader reader = new PackReader();
    private final PackWriter writer;
    private final SampleColumn scratch = new SampleColumn();
    private final SampleColumn merged = new SampleColumn();

    /** @param frameMillis of the packs that are written */
    PackContents(long frameMillis) {
        writer = new PackWriter(frameMillis);
    }

    /** Adds what a pack holds within a range, inclusive on both ends, to columns; of two samples of one time the first stays. */
    void read(byte[] pack, long fromMillis, long toMillis, TreeMap<Long, SampleColumn> into) {
        PackDirectory directory = PackDirectory.parse(pack);
        for (int frame = 0; frame < directory.frameCount(); frame++) {
            reader.frame(directory, frame, pack, directory.frameOffset(frame));
            for (int i = 0; i < directory.seriesCount(); i++) {
                scratch.clear();
                PackedColumns.read(reader, i, fromMillis, toMillis, scratch);
                if (scratch.size() > 0) {
                    Columns.merge(
                            into.computeIfAbsent(directory.seriesId(i), absent -> new SampleColumn()), scratch, merged);
                }
            }
        }
    }

    /** A writer that has been given all columns; empty when there are none. */
    PackWriter write(TreeMap<Long, SampleColumn> columns) {
        columns.forEach((id, column) -> PackedColumns.write(writer, id, column));
        return writer;
    }

    PackReader reader() {
        return reader;
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
    }
}
