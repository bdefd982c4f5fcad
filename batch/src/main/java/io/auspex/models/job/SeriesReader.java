package io.auspex.models.job;

import io.auspex.anomaly.CounterRate;
import io.auspex.anomaly.DetectorRule;
import io.auspex.cluster.job.RunProgress;
import io.auspex.promql.Parser;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Reads the series of one tenant for which models are trained, in the order of their labels. */
@Named("trainingSeriesReader")
@Dependent
public class SeriesReader extends AbstractItemReader {
    private static final long HISTORY_MILLIS = 7 * 86_400_000L;

    @Inject
    RunProgress progress;

    @Inject
    Instance<SampleStore> samples;

    /** Most series of one run: by default what trains in under a minute and covers the hosts of a small tenant. */
    @Inject
    @ConfigProperty(name = "auspex.jobs.model-training.series", defaultValue = "200")
    int most;

    private List<Labels> series = List.of();
    private long asked;
    private int next;

    /** A series with its samples; counters as rates. */
    record Item(Labels labels, SampleColumn samples) {}

    @Override
    public void open(@Nullable Serializable checkpoint) {
        SampleReader reader = samples.get().reader(progress.tenant());
        asked = progress.askedAt().toEpochMilli(); // not now: a restart finds the same series in the same places
        TreeSet<Labels> found = new TreeSet<>();
        for (DetectorRule rule : DetectorRule.DEFAULTS) {
            found.addAll(reader.series(Parser.parseSelector(rule.selector()), asked - HISTORY_MILLIS, asked));
        }
        series = found.stream().limit(most).toList();
        next = progress.begin(series.size());
    }

    @Override
    public @Nullable Object readItem() {
        if (next >= series.size()) {
            return null;
        }
        Labels labels = series.get(next++);
        return new Item(labels, read(labels));
    }

    @Override
    public Serializable checkpointInfo() {
        return next;
    }

    private SampleColumn read(Labels labels) {
        List<Matcher> matchers = new ArrayList<>();
        labels.forEach((name, value) -> matchers.add(Matcher.equal(name, value)));
        SampleColumn column = new SampleColumn();
        try (SeriesCursor cursor =
                samples.get().reader(progress.tenant()).select(matchers, asked - HISTORY_MILLIS, asked)) {
            while (cursor.next()) {
                if (cursor.labels().equals(labels)) {
                    SampleColumn found = cursor.samples();
                    for (int i = 0; i < found.size(); i++) {
                        if (Double.isFinite(found.value(i))) {
                            column.append(found.timestamp(i), found.value(i));
                        }
                    }
                }
            }
        }
        return CounterRate.isCounter(labels.metric()) ? CounterRate.of(column) : column;
    }
}
