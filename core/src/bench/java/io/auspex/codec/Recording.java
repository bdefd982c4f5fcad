package io.auspex.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The recorded node exporter: {@code rec.bin}, one row a second. */
public final class Recording {
    private Recording() {}

    /** The values of each series over all rows. */
    public static double[][] read(InputStream in) throws IOException {
        byte[] header = new byte[12];
        List<double[]> rows = new ArrayList<>();
        while (in.readNBytes(header, 0, 12) == 12) {
            int width = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
            double[] row = new double[width];
            ByteBuffer.wrap(in.readNBytes(8 * width))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .get(row);
            rows.add(row);
        }
        double[][] series = new double[rows.get(0).length][rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < series.length; i++) {
                series[i][row] = rows.get(row)[i];
            }
        }
        return series;
    }
}
