package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import java.util.List;

/** The floats of one series of a result, as engines that judge and forecast take them; native histograms are left out. */
public record FloatSeries(Labels labels, SampleColumn samples) {
    /** The series of a result, in its order; also those without a single float. */
    public static List<FloatSeries> of(Result result) {
        return result.series().stream().map(FloatSeries::of).toList();
    }

    private static FloatSeries of(SeriesColumn column) {
        SampleColumn samples = new SampleColumn(Math.max(1, column.size()));
        column.forEach((epochMillis, value, histogram) -> {
            if (histogram == null && Double.isFinite(value)) {
                samples.append(epochMillis, value);
            }
        });
        return new FloatSeries(column.labels(), samples);
    }
}
