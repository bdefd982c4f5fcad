package io.auspex.promql.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.promql.QueryGuard;
import io.auspex.tenancy.TenantId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RunningQueriesTest {
    private static final TenantId ACME = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);

    private final RunningQueries queries = withSlots(2);

    private static RunningQueries withSlots(int slots) {
        RunningQueries queries = new RunningQueries();
        queries.settings = new QuerySettings();
        queries.settings.maxConcurrency = Optional.of(slots);
        queries.meters = new Meters();
        queries.open();
        return queries;
    }

    @Test
    void run_answersWhatTheQueryAnswers() {
        assertThat(queries.<String>run(ACME, "instant", 1000, guard -> "x" + guard.verdict()))
                .isEqualTo("xGO_ON");
    }

    @Test
    void run_timesOut_whenTheTenantsSlotsAreTaken_butNotForOthers() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> queries.run(ACME, "range", 60_000, guard -> {
            started.countDown();
            return await(goOn);
        }));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> queries.run(ACME, "instant", 10, guard -> true))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.TIMEOUT))
                .hasMessage("query timed out in query queue");
        assertThat(queries.<Boolean>run(OTHER, "instant", 30_000, guard -> true))
                .isTrue();

        goOn.countDown();
        first.join();
        assertThat(queries.<Boolean>run(ACME, "instant", 30_000, guard -> true)).isTrue();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void run_freesItsSlots_whenTheQueryFails() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> queries.run(ACME, "instant", 30_000, guard -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
        }
    }

    @Test
    void cancelAll_endsWhatRuns() {
        QueryGuard.Verdict verdict = queries.run(ACME, "instant", 30_000, guard -> {
            queries.cancelAll();
            return guard.verdict();
        });

        assertThat(verdict).isEqualTo(QueryGuard.Verdict.CANCELED);
    }
}
