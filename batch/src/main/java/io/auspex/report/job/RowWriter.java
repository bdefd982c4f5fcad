package io.auspex.report.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.report.HealthRow;
import io.auspex.report.control.ReportStore;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Stores the rows of a report and the progress of its run. Safe to repeat: rows are keyed by what they measure. */
@Named("healthRowWriter")
@Dependent
public class RowWriter extends AbstractItemWriter {
    @Inject
    RunProgress progress;

    @Inject
    ReportStore store;

    @Override
    public void writeItems(List<Object> items) {
        List<HealthRow> rows = items.stream()
                .flatMap(item -> ((MeasureProcessor.Measured) item).rows().stream())
                .toList();
        store.add(progress.tenant(), progress.run(), rows);
        progress.done(items.size());
    }
}
