package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.control.RunStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;

/** What a step's artifacts ask and tell about the run they work for: whose it is, where to go on, how far it is. */
@Dependent
public class RunProgress {
    @Inject
    StepContext step;

    @Inject
    RunStore store;

    @Inject
    JobNode node;

    public TenantId tenant() {
        return new TenantId(Integer.parseInt(parameter(TenantPartitions.TENANT)));
    }

    public long run() {
        return Long.parseLong(parameter(TenantPartitions.RUN));
    }

    /** When the run was asked for: the same for all its restarts. */
    public Instant askedAt() {
        return found().createdAt();
    }

    /** What the run works on. */
    public String subject() {
        return found().subject();
    }

    private JobRun found() {
        return store.find(tenant(), run()).orElseThrow(() -> new IllegalStateException("there is no run " + run()));
    }

    /** A property that the job's XML gives to the step. */
    public String parameter(String name) {
        String value = step.getProperties().getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the step " + step.getStepName() + " has no property " + name);
        }
        return value;
    }

    /**
     * The step begins, for the first time or once more.
     *
     * @param total how many items there are
     * @return how many of them are done already: the position of the next
     */
    public int begin(int total) {
        return store.begin(tenant(), run(), node.id(), step.getStepName(), total);
    }

    /** Items are done and will not be read again; call it after what they gave is stored. */
    public void done(int items) {
        store.advance(tenant(), run(), node.id(), items);
        node.counted(run(), items);
    }
}
