package io.auspex.report.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.report.HealthMeasure;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Reads what a report measures, one measure after the other. */
@Named("healthMeasureReader")
@Dependent
public class MeasureReader extends AbstractItemReader {
    @Inject
    RunProgress progress;

    private int next;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        next = progress.begin(HealthMeasure.values().length);
    }

    @Override
    public @Nullable Object readItem() {
        return next < HealthMeasure.values().length ? HealthMeasure.values()[next++] : null;
    }

    @Override
    public Serializable checkpointInfo() {
        return next;
    }
}
