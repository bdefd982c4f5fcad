package io.auspex.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.JobWork;
import io.auspex.platform.PageRequest;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class RunStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T02:10:00Z");
    private static final JobWork WORK = new JobWork("a subject", Map.of("day", "2026-11-20"));
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration OVER = Duration.ofSeconds(-1);

    private final TestTenants tenants = new TestTenants();
    private final RunStore store = new RunStore();
    private final RunLeases leases = new RunLeases();
    private final UUID here = UUID.randomUUID();
    private final UUID elsewhere = UUID.randomUUID();

    RunStoreTest() {
        store.jdbc = tenants.jdbc;
        leases.jdbc = tenants.jdbc;
    }

    @Test
    void run_goesFromTheQueueToItsEnd() {
        long run = queue(tenants.acme);
        assertThat(status(run)).isEqualTo(JobRun.Status.QUEUED);

        RunLeases.Claim claim = leases.claim(here, 5, LONG).get(0);
        store.executing(tenants.acme, run, here, 77);
        int position = store.begin(tenants.acme, run, here, "train", 10);
        store.advance(tenants.acme, run, here, 4);

        assertThat(claim)
                .isEqualTo(
                        new RunLeases.Claim(tenants.acme, run, "a-job", WORK.parameters(), java.util.Optional.empty()));
        assertThat(position).isZero();
        JobRun running = store.find(tenants.acme, run).orElseThrow();
        assertThat(running.status()).isEqualTo(JobRun.Status.RUNNING);
        assertThat(running.executionId()).contains(77L);
        assertThat(running.percent()).isEqualTo(40);

        assertThat(store.ended(tenants.acme, run, here, JobRun.Status.COMPLETED, "all of it", NOW))
                .isTrue();
        JobRun over = store.find(tenants.acme, run).orElseThrow();
        assertThat(over.status()).isEqualTo(JobRun.Status.COMPLETED);
        assertThat(over.message()).isEqualTo("all of it");
        assertThat(over.endedAt()).contains(NOW);
    }

    @Test
    void queue_takesNoSecondUnfinishedRun_ofAJobAndSubject() {
        long first = queue(tenants.acme);

        assertThat(store.queue(tenants.acme, "a-job", WORK, "ann", NOW)).isEmpty();
        assertThat(store.queue(tenants.acme, "a-job", new JobWork("another", Map.of()), "ann", NOW))
                .isPresent();
        assertThat(store.queue(tenants.globex, "a-job", WORK, "bob", NOW)).isPresent();

        store.requestStop(tenants.acme, first, NOW);
        assertThat(store.queue(tenants.acme, "a-job", WORK, "ann", NOW)).isPresent();
        assertThat(store.requeue(tenants.acme, first)).isFalse(); // the newer one is not over
    }

    @Test
    void restart_goesOnWhereTheStepStood_andAnewInAnotherStep() {
        long run = claimed(tenants.acme);
        store.begin(tenants.acme, run, here, "measure", 7);
        store.advance(tenants.acme, run, here, 5);
        store.ended(tenants.acme, run, here, JobRun.Status.STOPPED, "", NOW);

        assertThat(store.requeue(tenants.acme, run)).isTrue();
        leases.claim(elsewhere, 5, LONG);

        assertThat(store.begin(tenants.acme, run, elsewhere, "measure", 7)).isEqualTo(5);
        assertThat(store.begin(tenants.acme, run, elsewhere, "render", 3)).isZero();
    }

    @Test
    void stop_endsAQueuedRunAtOnce_andAsksARunningOne() {
        long running = claimed(tenants.globex);
        long queued = queue(tenants.acme);

        assertThat(store.requestStop(tenants.acme, queued, NOW)).isTrue();
        assertThat(status(queued)).isEqualTo(JobRun.Status.STOPPED);
        assertThat(store.requestStop(tenants.acme, queued, NOW)).isFalse();

        assertThat(store.requestStop(tenants.globex, running, NOW)).isTrue();
        assertThat(leases.keep(here, Set.of(running), LONG)).isEqualTo(Map.of(running, JobRun.Status.STOPPING));
    }

    @Test
    void runOfALostNode_failsOnce_andIsHeardNoMore() {
        long run = queue(tenants.acme);
        leases.claim(here, 5, OVER);
        store.executing(tenants.acme, run, here, 42);
        store.begin(tenants.acme, run, here, "train", 10);
        store.advance(tenants.acme, run, here, 3);

        List<RunLeases.GivenUp> lost = leases.giveUpLost();

        assertThat(lost).containsExactly(new RunLeases.GivenUp("a-job", java.util.Optional.of(42L)));
        assertThat(leases.giveUpLost()).isEmpty();
        JobRun failed = store.find(tenants.acme, run).orElseThrow();
        assertThat(failed.status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(failed.processed()).isEqualTo(3);
        assertThat(failed.message()).contains("restart");
        assertThat(leases.keep(here, Set.of(run), LONG)).isEmpty();
        assertThatThrownBy(() -> store.advance(tenants.acme, run, here, 1)).isInstanceOf(LostRun.class);
        assertThatThrownBy(() -> store.begin(tenants.acme, run, here, "train", 10))
                .isInstanceOf(LostRun.class);
        assertThat(store.ended(tenants.acme, run, here, JobRun.Status.COMPLETED, "", NOW))
                .isFalse();
        assertThat(store.find(tenants.acme, run)).contains(failed);
    }

    @Test
    void keptRuns_areNotGivenUp() {
        long run = queue(tenants.acme);
        leases.claim(here, 5, OVER);

        assertThat(leases.keep(here, Set.of(run), LONG)).isEqualTo(Map.of(run, JobRun.Status.RUNNING));

        assertThat(leases.giveUpLost()).isEmpty();
        assertThat(leases.keep(elsewhere, Set.of(run), LONG)).isEmpty();
        assertThat(status(run)).isEqualTo(JobRun.Status.RUNNING);
    }

    @Test
    void claim_servesPeopleBeforeTheTimer_andNoRunTwice() throws Exception {
        store.queueSlot("nightly", "2026-11-21", "n1", WORK, NOW);
        long asked = queue(tenants.globex);

        List<RunLeases.Claim> first = leases.claim(here, 1, LONG);
        List<List<RunLeases.Claim>> rest = together(6, () -> leases.claim(UUID.randomUUID(), 1, LONG));

        assertThat(first).extracting(RunLeases.Claim::run).containsExactly(asked);
        assertThat(rest.stream().flatMap(List::stream).map(RunLeases.Claim::run))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void slot_isTakenByOneNode_andQueuesOneRunForEachTenant() throws Exception {
        List<OptionalInt> nodes = together(8, () -> store.queueSlot("nightly", "2026-11-21", "a node", WORK, NOW));

        assertThat(nodes).filteredOn(OptionalInt::isPresent).containsExactly(OptionalInt.of(2));
        for (TenantId tenant : List.of(tenants.acme, tenants.globex)) {
            assertThat(store.list(tenant, Set.of("nightly"), PageRequest.FIRST))
                    .extracting(JobRun::requestedBy)
                    .containsExactly("timer");
        }
        assertThat(store.queueSlot("nightly", "2026-11-21", "a later node", WORK, NOW))
                .isEmpty();
        // a run of the last night that is not over is not doubled by the next
        assertThat(store.queueSlot("nightly", "2026-11-22", "a node", WORK, NOW))
                .hasValue(0);
    }

    @Test
    void nothing_crossesTenants() {
        long run = claimed(tenants.acme);

        assertThat(store.find(tenants.globex, run)).isEmpty();
        assertThat(store.list(tenants.globex, Set.of(), PageRequest.FIRST)).isEmpty();
        assertThat(store.requestStop(tenants.globex, run, NOW)).isFalse();
        assertThat(store.requeue(tenants.globex, run)).isFalse();
        assertThat(store.ended(tenants.globex, run, here, JobRun.Status.FAILED, "", NOW))
                .isFalse();
        assertThatThrownBy(() -> store.advance(tenants.globex, run, here, 1)).isInstanceOf(LostRun.class);
        assertThat(status(run)).isEqualTo(JobRun.Status.RUNNING);
        assertThat(trainingRuns(tenants.globex)).isZero();
    }

    @Test
    void trainingRun_isAViewOfItsTenant() {
        store.queue(tenants.acme, "model-training", WORK, "ann", NOW);
        store.queue(tenants.acme, "another-job", WORK, "ann", NOW);

        assertThat(trainingRuns(tenants.acme)).isEqualTo(1);
        assertThat(trainingRuns(tenants.globex)).isZero();
    }

    @Test
    void list_isPagedNewestFirst_andByJob() {
        for (int i = 0; i < 3; i++) {
            store.queue(tenants.acme, "a-job", new JobWork("subject " + i, Map.of()), "ann", NOW);
        }
        store.queue(tenants.acme, "b-job", WORK, "ann", NOW);

        List<JobRun> first = store.list(tenants.acme, Set.of("a-job"), new PageRequest("", 2));

        assertThat(first).extracting(JobRun::subject).containsExactly("subject 2", "subject 1", "subject 0");
        assertThat(store.list(
                        tenants.acme,
                        Set.of("a-job"),
                        new PageRequest(Long.toString(first.get(1).id()), 2)))
                .extracting(JobRun::subject)
                .containsExactly("subject 0");
        assertThat(store.list(tenants.acme, Set.of(), PageRequest.FIRST)).hasSize(4);
    }

    private long queue(TenantId tenant) {
        return store.queue(tenant, "a-job", WORK, "ann", NOW).orElseThrow();
    }

    private long claimed(TenantId tenant) {
        long run = queue(tenant);
        leases.claim(here, 1, LONG);
        return run;
    }

    private JobRun.Status status(long run) {
        return store.find(tenants.acme, run)
                .or(() -> store.find(tenants.globex, run))
                .orElseThrow()
                .status();
    }

    private int trainingRuns(TenantId tenant) {
        return tenants.jdbc.call(tenant, connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("select count(*) from auspex.training_run")) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    private static <T> List<T> together(int nodes, java.util.concurrent.Callable<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            CyclicBarrier start = new CyclicBarrier(nodes);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
