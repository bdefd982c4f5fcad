package io.auspex.report.job;

import io.auspex.report.HealthRow;
import io.auspex.report.control.ReportStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores the rows of a report and the progress of its run. Safe to repeat: rows are keyed by what they measure. */
@Named("healthRowWriter")
@Dependent
public class RowWriter extends AbstractItemWriter {
    @Inject
    @BatchProperty
    String tenant;

    @Inject
    @BatchProperty
    String run;

    @Inject
    ReportStore store;

    private int processed;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        processed = checkpoint == null ? 0 : (Integer) checkpoint;
    }

    @Override
    public void writeItems(List<Object> items) {
        List<HealthRow> rows = items.stream()
                .flatMap(item -> ((MeasureProcessor.Measured) item).rows().stream())
                .toList();
        processed += items.size();
        store.add(new TenantId(Integer.parseInt(tenant)), Long.parseLong(run), rows, processed);
    }

    @Override
    public Serializable checkpointInfo() {
        return processed;
    }
}
