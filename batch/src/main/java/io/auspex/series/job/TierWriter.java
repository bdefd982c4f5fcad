package io.auspex.series.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.series.Tier;
import io.auspex.series.control.Retention;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Ends what is due of tiers, verifies it and notes the progress. Safe to repeat: what is gone is not due any more. */
@Named("tierWriter")
@Dependent
public class TierWriter extends AbstractItemWriter {
    @Inject
    RunProgress progress;

    @Inject
    Retention retention;

    @Inject
    RetentionJob job;

    @Override
    public void writeItems(List<Object> items) {
        LocalDate asked = LocalDate.ofInstant(progress.askedAt(), ZoneOffset.UTC);
        for (Object tier : items) {
            Retention.Outcome outcome = retention.end(progress.tenant(), (Tier) tier, asked);
            job.did(progress.run(), outcome);
            if (outcome.left() > 0) {
                throw new IllegalStateException(outcome.left() + " packs of tier " + ((Tier) tier).label()
                        + " are due and could not be removed");
            }
        }
        progress.done(items.size());
    }
}
