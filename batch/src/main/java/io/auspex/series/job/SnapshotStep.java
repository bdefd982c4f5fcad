package io.auspex.series.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.series.control.Snapshots;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Writes the file from its begin, also after a restart: half a snapshot is none. */
@Named("snapshotStep")
@Dependent
public class SnapshotStep extends AbstractBatchlet {
    private static final int PERCENT = 100;

    @Inject
    RunProgress progress;

    @Inject
    Snapshots snapshots;

    @Inject
    SnapshotJob job;

    @Override
    public String process() {
        int[] told = {progress.begin(PERCENT)};
        Snapshots.Outcome outcome = snapshots.write(progress.tenant(), progress.subject(), percent -> {
            if (percent > told[0]) {
                progress.done(percent - told[0]);
                told[0] = percent;
            }
        });
        job.did(progress.run(), outcome);
        return "COMPLETED";
    }
}
