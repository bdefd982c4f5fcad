package io.auspex.report.job;

import io.auspex.report.HealthMeasure;
import io.auspex.report.control.ReportStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.BatchProperty;
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
    @BatchProperty
    String tenant;

    @Inject
    @BatchProperty
    String run;

    @Inject
    ReportStore store;

    private int next;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        next = checkpoint == null ? 0 : (Integer) checkpoint;
        store.running(new TenantId(Integer.parseInt(tenant)), Long.parseLong(run), HealthMeasure.values().length);
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
