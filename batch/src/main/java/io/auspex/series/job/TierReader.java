package io.auspex.series.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.series.Tier;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Reads the tiers, from the finest. */
@Named("tierReader")
@Dependent
public class TierReader extends AbstractItemReader {
    @Inject
    RunProgress progress;

    private int next;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        next = progress.begin(Tier.values().length);
    }

    @Override
    public @Nullable Object readItem() {
        return next < Tier.values().length ? Tier.values()[next++] : null;
    }

    @Override
    public Serializable checkpointInfo() {
        return next;
    }
}
