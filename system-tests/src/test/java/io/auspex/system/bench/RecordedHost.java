package io.auspex.system.bench;

import io.auspex.series.Labels;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The recorded node exporter of the corpora: one row of values a second.
 *
 * @param names series in text exposition form, by column
 */
record RecordedHost(List<String> names, List<double[]> rows) {
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static RecordedHost read(Path directory) throws IOException {
        List<String> names = Files.readAllLines(directory.resolve("rec.names"));
        List<double[]> rows = new ArrayList<>();
        Process xz =
                new ProcessBuilder("xz", "-dc", directory.resolve("rec.bin.xz").toString()).start();
        try (InputStream in = new BufferedInputStream(xz.getInputStream(), 1 << 20)) {
            for (byte[] head = in.readNBytes(12); head.length == 12; head = in.readNBytes(12)) {
                int count = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
                double[] row = new double[count];
                ByteBuffer.wrap(in.readNBytes(8 * count))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asDoubleBuffer()
                        .get(row);
                rows.add(row);
            }
        }
        return new RecordedHost(names, rows);
    }

    int series() {
        return names.size();
    }

    /** The values at a second of the recording, which begins anew when it is over. */
    double[] row(int second) {
        return rows.get(second % rows.size());
    }

    /** The labels of each series, with an instance added. */
    List<Labels> labels(String instance) {
        return names.stream()
                .map(name -> named(name).with("instance", instance).with("job", "node"))
                .toList();
    }

    private static Labels named(String name) {
        int brace = name.indexOf('{');
        List<String> pairs = new ArrayList<>(List.of(Labels.METRIC_NAME, brace < 0 ? name : name.substring(0, brace)));
        Matcher label = LABEL.matcher(brace < 0 ? "" : name.substring(brace));
        while (label.find()) {
            pairs.add(label.group(1));
            pairs.add(label.group(2).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        return Labels.of(pairs.toArray(String[]::new));
    }
}
