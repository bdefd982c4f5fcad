package io.auspex.report.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.promql.Engine;
import io.auspex.promql.FloatSeries;
import io.auspex.promql.QueryOptions;
import io.auspex.report.HealthMeasure;
import io.auspex.report.HealthRow;
import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleStore;
import jakarta.batch.api.chunk.ItemProcessor;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks one measure of one tenant over a day, minute by minute, and sums each entity up. */
@Named("healthMeasureProcessor")
@Dependent
public class MeasureProcessor implements ItemProcessor {
    private static final long STEP_MILLIS = 60_000;
    private static final int MAX_ENTITIES = 1_000;
    private static final Engine ENGINE = new Engine();

    @Inject
    RunProgress progress;

    @Inject
    Instance<SampleStore> samples;

    /** The rows of one measure. */
    record Measured(List<HealthRow> rows) {}

    @Override
    public Object processItem(Object item) {
        HealthMeasure measure = (HealthMeasure) item;
        LocalDate day = LocalDate.parse(progress.parameter(ServiceHealthReport.DAY));
        long start = day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        long end = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli() - STEP_MILLIS;
        List<FloatSeries> found = FloatSeries.of(ENGINE.range(
                measure.query(),
                samples.get().reader(progress.tenant()),
                start,
                end,
                STEP_MILLIS,
                QueryOptions.STANDARD));
        List<HealthRow> rows = new ArrayList<>();
        for (FloatSeries series : found.subList(0, Math.min(MAX_ENTITIES, found.size()))) {
            if (series.samples().size() > 0) {
                rows.add(row(measure, series));
            }
        }
        return new Measured(rows);
    }

    static HealthRow row(HealthMeasure measure, FloatSeries series) {
        SampleColumn samples = series.samples();
        double[] sorted = Arrays.copyOf(samples.values(), samples.size());
        double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        double bad95 =
                measure.highIsBad() ? sorted[(int) Math.ceil(0.95 * last)] : sorted[(int) Math.floor(0.05 * last)];
        double worst = measure.highIsBad() ? sorted[last] : sorted[0];
        return new HealthRow(
                entity(series.labels()), measure.title(), measure.unit(), mean, bad95, worst, sorted.length);
    }

    private static String entity(Labels labels) {
        String text = labels.without(Labels.METRIC_NAME).toString();
        return text.equals("{}") ? "all" : text;
    }
}
