package io.auspex.incontainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.JobRuns;
import io.auspex.cluster.job.NightlySlots;
import io.auspex.platform.AuspexException;
import io.auspex.platform.PageRequest;
import io.auspex.system.Eventually;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every job gets from the batch runtime and ours around it, shown by a third job that is one class and one XML. */
@ArquillianTest
class JobsContainerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JOB = "counting-job";

    @Inject
    JobRuns runs;

    @Inject
    NightlySlots nights;

    @Inject
    CountingJob job;

    @Inject
    TenantJdbc jdbc;

    @Resource
    ManagedExecutorService executor;

    private TenantId acme;
    private TenantId globex;

    @Deployment
    static WebArchive theBundleWithAThirdJob() {
        return ContainerTestBundle.withClasses(
                        JobsContainerIT.class, TestTenant.class, CountingJob.class, Eventually.class)
                .addAsResource("counting-job.xml", "META-INF/batch-jobs/counting-job.xml");
    }

    @BeforeEach
    void twoTenants() {
        acme = TestTenant.named(jdbc, "acme");
        globex = TestTenant.named(jdbc, "globex");
        CountingJob.COUNTED.clear();
        CountingJob.FAILURES.set(0);
    }

    @Test
    void failedRun_goesOnAtItsCheckpoint() {
        CountingJob.FAILURES.set(1);
        long run = runs.start(acme, JOB, Map.of(), "ann").id();
        JobRun failed = await(acme, run, JobRun.Status.FAILED);
        assertThat(failed.processed()).isEqualTo(3);
        assertThat(failed.message()).contains("restart");

        runs.restart(acme, run);
        JobRun completed = await(acme, run, JobRun.Status.COMPLETED);

        assertThat(completed.message()).isEqualTo("all five");
        assertThat(completed.executionId()).isPresent().isNotEqualTo(failed.executionId());
        assertThat(CountingJob.COUNTED).isEqualTo(counted(acme));
    }

    @Test
    void runs_areTheirTenants() {
        long run = runs.start(acme, JOB, Map.of(), "ann").id();
        await(acme, run, JobRun.Status.COMPLETED);

        assertThatThrownBy(() -> runs.get(globex, run)).isInstanceOf(AuspexException.class);
        assertThatThrownBy(() -> runs.stop(globex, run)).isInstanceOf(AuspexException.class);
        assertThatThrownBy(() -> runs.restart(globex, run)).isInstanceOf(AuspexException.class);
        assertThat(CountingJob.COUNTED).isEqualTo(counted(acme));
    }

    @Test
    void night_isTakenOnce_andRunsForEveryTenant() throws Exception {
        // a night of its own: the database outlives a test run
        LocalDate night = LocalDate.ofEpochDay(System.currentTimeMillis() / 1_000);
        List<Future<OptionalInt>> nodes = new ArrayList<>();
        for (int node = 0; node < 6; node++) {
            nodes.add(executor.submit(() -> nights.queue(job, night)));
        }
        int takers = 0;
        for (Future<OptionalInt> node : nodes) {
            takers += node.get().isPresent() ? 1 : 0;
        }

        assertThat(takers).isEqualTo(1);
        for (TenantId tenant : List.of(acme, globex)) { // the pulse takes them up
            Eventually.within(
                    PATIENCE,
                    () -> assertThat(runs.list(tenant, Set.of(JOB), PageRequest.FIRST).items().stream()
                                    .filter(run -> run.requestedBy().equals("timer"))
                                    .limit(1))
                            .extracting(JobRun::status)
                            .containsExactly(JobRun.Status.COMPLETED));
        }
        assertThat(CountingJob.COUNTED)
                .containsAll(Stream.of(acme, globex)
                        .flatMap(tenant -> counted(tenant).stream())
                        .toList());
    }

    private JobRun await(TenantId tenant, long run, JobRun.Status status) {
        Eventually.within(
                PATIENCE, () -> assertThat(runs.get(tenant, run).status()).isEqualTo(status));
        return runs.get(tenant, run);
    }

    private static List<String> counted(TenantId tenant) {
        return Stream.of(0, 1, 2, 3, 4).map(item -> tenant + ":" + item).toList();
    }
}
