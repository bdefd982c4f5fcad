package io.auspex.series.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.series.control.RollUps;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Merges and rolls up slices of days, then notes the progress. Safe to repeat: what is merged is not due any more. */
@Named("dayWriter")
@Dependent
public class DayWriter extends AbstractItemWriter {
    @Inject
    RunProgress progress;

    @Inject
    RollUps rollUps;

    @Inject
    RollUpJob job;

    @Override
    public void writeItems(List<Object> items) {
        for (Object each : items) {
            DayReader.Item item = (DayReader.Item) each;
            job.did(progress.run(), rollUps.roll(progress.tenant(), item.day(), item.segments()));
            job.did(progress.run(), rollUps.rollMinutes(progress.tenant(), item.day(), item.minutes()));
            if (item.last()) {
                rollUps.settle(item.day());
            }
        }
        progress.done(items.size());
    }
}
