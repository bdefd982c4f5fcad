package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DurableLogTest {
    private static final long NONE = -1;

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");
    private final ExecutorService senders = Executors.newCachedThreadPool();
    private final List<DurableLog> opened = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        opened.forEach(DurableLog::close);
        senders.shutdown();
        assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void append_writesEachRowForItsTenantOnly() {
        DurableLog log = open(LogLimits.DEFAULT);
        AtomicLong applied = new AtomicLong(NONE);

        log.append(acme, new byte[][] {{1, 2}, {3}}, 7, applied::set);
        log.append(globex, new byte[][] {{9}}, 1, generation -> {});

        assertThat(applied).hasValue(0);
        assertThat(database.query(
                        acme,
                        "select seq || ' ' || part || ' ' || samples || ' ' || encode(payload, 'hex')"
                                + " from auspex.ingest_log_0 order by 1"))
                .containsExactly("1 0 7 0102", "1 1 0 03");
        assertThat(database.query(globex, "select encode(payload, 'hex') from auspex.ingest_log_0"))
                .containsExactly("09");
    }

    @Test
    void append_commitsManyRequestsOfSeveralTenantsTogether() throws Exception {
        DurableLog log = open(LogLimits.DEFAULT);
        List<Callable<Void>> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            TenantId tenant = i % 2 == 0 ? acme : globex;
            requests.add(() -> {
                log.append(tenant, new byte[][] {new byte[1000]}, 1, generation -> {});
                return null;
            });
        }
        for (Future<Void> sent : senders.invokeAll(requests)) {
            sent.get();
        }

        assertThat(database.query(acme, "select count(*) from auspex.ingest_log_0"))
                .containsExactly("100");
        assertThat(database.query(globex, "select count(distinct seq) from auspex.ingest_log_0"))
                .containsExactly("100");
        assertThat(log.commits()).isLessThan(200);
        assertThat(log.pendingBytes()).isEqualTo(200_000);
    }

    @Test
    void rotate_sendsLaterRowsToTheNextTable() throws InterruptedException {
        DurableLog log = open(LogLimits.DEFAULT);
        log.append(acme, new byte[][] {{1}}, 1, generation -> {});

        DurableLog.Cut cut = log.rotate(1);
        log.awaitApplied(cut.generation());
        log.append(acme, new byte[][] {{2}}, 1, generation -> {});

        assertThat(cut).isEqualTo(new DurableLog.Cut(0, 1, 1));
        assertThat(database.query(acme, "select encode(payload, 'hex') from auspex.ingest_log_0"))
                .containsExactly("01");
        assertThat(database.query(acme, "select encode(payload, 'hex') from auspex.ingest_log_1"))
                .containsExactly("02");
    }

    @Test
    void append_refusesAtOnce_whenTheQueueIsFull() throws Exception {
        DurableLog log = open(new LogLimits(100, Duration.ofSeconds(60), 100, 1));
        try (Connection blocker = database.owner.getConnection()) {
            Future<Void> taken;
            Future<Void> queued;
            lockLog(blocker);
            taken = send(log, 100);
            awaitQueued(log, 0, 1);
            queued = send(log, 60);
            awaitQueued(log, 60, 1);

            assertThatThrownBy(() -> log.append(acme, new byte[][] {new byte[60]}, 1, generation -> {}))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
                    .hasMessageContaining("queue is full");
            blocker.rollback();
            taken.get();
            queued.get();
        }
        assertThat(log.refused()).isEqualTo(1);
        assertThat(database.query(acme, "select sum(length(payload)) from auspex.ingest_log_0"))
                .containsExactly("160");
    }

    @Test
    void append_withdrawsWhatHasWaitedTooLong() throws Exception {
        DurableLog log = open(new LogLimits(1000, Duration.ofMillis(50), 100, 1));
        try (Connection blocker = database.owner.getConnection()) {
            lockLog(blocker);
            Future<Void> taken = send(log, 100);
            awaitQueued(log, 0, 1);

            assertThatThrownBy(() -> log.append(acme, new byte[][] {new byte[60]}, 1, generation -> {}))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
                    .hasMessageContaining("longer than PT0.05S");
            blocker.rollback();
            taken.get();
        }
        assertThat(database.query(acme, "select sum(length(payload)) from auspex.ingest_log_0"))
                .containsExactly("100");
        assertThat(log.queuedBytes()).isZero();
    }

    @Test
    void append_appliesNothing_whenTheCommitIsNotConfirmed_andGoesOnWhenPostgresIsBack() {
        try (TestPostgres server = TestPostgres.start()) {
            TestDatabase own = new TestDatabase(server);
            TenantId tenant = own.tenant("acme");
            DurableLog log = new DurableLog(own.dataSource, LogLimits.DEFAULT, new LogStreams(1), 1, 0, 0);
            log.start(Thread::new);
            log.append(tenant, new byte[][] {{1}}, 1, generation -> {});
            AtomicLong applied = new AtomicLong(NONE);

            server.stopImmediately();
            assertThatThrownBy(() -> log.append(tenant, new byte[][] {{2}}, 1, applied::set))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
            assertThat(applied).hasValue(NONE);
            server.restart();
            log.append(tenant, new byte[][] {{4}}, 1, applied::set);

            assertThat(applied).hasValue(0);
            assertThat(own.query(tenant, "select encode(payload, 'hex') from auspex.ingest_log_0 order by seq"))
                    .startsWith("01")
                    .endsWith("04");
            log.close();
        }
    }

    @Test
    void close_commitsWhatIsQueuedAndRefusesMore() {
        DurableLog log = open(LogLimits.DEFAULT);
        log.append(acme, new byte[][] {{1}}, 1, generation -> {});

        log.close();

        assertThatThrownBy(() -> log.append(acme, new byte[][] {{2}}, 1, generation -> {}))
                .hasMessageContaining("shutting down");
    }

    private DurableLog open(LogLimits limits) {
        DurableLog log = new DurableLog(database.dataSource, limits, new LogStreams(1), 1, 0, 0);
        opened.add(log);
        log.start(Thread::new);
        return log;
    }

    private Future<Void> send(DurableLog log, int bytes) {
        return senders.submit(() -> {
            log.append(acme, new byte[][] {new byte[bytes]}, 1, generation -> {});
            return null;
        });
    }

    private static void lockLog(Connection blocker) throws Exception {
        blocker.setAutoCommit(false);
        try (Statement statement = blocker.createStatement()) {
            statement.execute("lock table auspex.ingest_log_0 in share mode");
        }
    }

    private static void awaitQueued(DurableLog log, long bytes, long inFlight) {
        while (log.queuedBytes() != bytes || log.inFlight() != inFlight) {
            Thread.onSpinWait();
        }
    }
}
