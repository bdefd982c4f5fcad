package io.auspex.incontainer;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.RunProgress;
import io.auspex.cluster.job.TenantJob;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A third job: this class and {@code counting-job.xml} are all there is to it. Fails before item 3 while it shall. */
@Named("countingJob")
@Dependent
public class CountingJob extends AbstractBatchlet implements TenantJob {
    static final int ITEMS = 5;
    static final List<String> COUNTED = new CopyOnWriteArrayList<>();
    static final AtomicInteger FAILURES = new AtomicInteger();

    @Inject
    RunProgress progress;

    @Override
    public String name() {
        return "counting-job";
    }

    @Override
    public Optional<LocalTime> nightly() {
        return Optional.of(LocalTime.NOON);
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        return new JobWork("to five", Map.of());
    }

    @Override
    public String outcome(TenantId tenant, long run) {
        return "all five";
    }

    @Override
    public String process() {
        for (int item = progress.begin(ITEMS); item < ITEMS; item++) {
            if (item == 3 && FAILURES.getAndDecrement() > 0) {
                throw new IllegalStateException("planned");
            }
            COUNTED.add(progress.tenant() + ":" + item);
            progress.done(1);
        }
        return "COUNTED";
    }
}
