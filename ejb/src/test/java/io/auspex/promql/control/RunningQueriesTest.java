package io.auspex.promql.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.platform.PeerSocket;
import io.auspex.promql.QueryGuard;
import io.auspex.tenancy.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(queries.<String>run(ACME, QueryKind.INSTANT, 1000, guard -> "x" + guard.verdict()))
                .isEqualTo("xGO_ON");
    }

    @Test
    void run_timesOut_whenTheTenantsSlotsAreTaken_butNotForOthers() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> queries.run(ACME, QueryKind.RANGE, 60_000, guard -> {
                    started.countDown();
                    return await(goOn);
                }));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> queries.run(ACME, QueryKind.INSTANT, 10, guard -> true))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.TIMEOUT))
                .hasMessage("query timed out in query queue");
        assertThat(queries.<Boolean>run(OTHER, QueryKind.INSTANT, 30_000, guard -> true))
                .isTrue();

        goOn.countDown();
        first.join();
        assertThat(queries.<Boolean>run(ACME, QueryKind.INSTANT, 30_000, guard -> true))
                .isTrue();
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
            assertThatThrownBy(() -> queries.run(ACME, QueryKind.INSTANT, 30_000, guard -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
        }
    }

    @Test
    void query_isCancelled_whenItsClientGoes(@TempDir Path folder) throws Exception {
        Path table = folder.resolve("tcp");
        queries.connections = new ConnectionTable(List.of(table));
        PeerSocket.set(new PeerSocket(8080, 40_000));
        try {
            List<QueryGuard.Verdict> verdicts = queries.run(ACME, QueryKind.INSTANT, 30_000, guard -> {
                List<QueryGuard.Verdict> seen = new ArrayList<>();
                // somebody else's closed connection; the client's own; the client's own, half closed
                for (String row : new String[] {
                    "   0: 0100007F:1F90 0200007F:9C41 08 more",
                    "   0: 0100007F:1F90 0100007F:9C40 01 more",
                    "   0: 0100007F:1F90 0100007F:9C40 08 more"
                }) {
                    seen.add(after(table, row, guard));
                }
                return seen;
            });
            assertThat(verdicts)
                    .containsExactly(QueryGuard.Verdict.GO_ON, QueryGuard.Verdict.GO_ON, QueryGuard.Verdict.CANCELED);
            assertThat(queries.<QueryGuard.Verdict>run(ACME, QueryKind.INSTANT, 30_000, guard -> {
                        after(table, "   0: 0100007F:1F90 0100007F:9C40 01 more", guard);
                        return after(table, "  sl  local_address rem_address", guard);
                    }))
                    .as("reset")
                    .isEqualTo(QueryGuard.Verdict.CANCELED);
        } finally {
            PeerSocket.set(PeerSocket.NONE);
        }
        assertThat(queries.<QueryGuard.Verdict>run(
                        ACME,
                        QueryKind.INSTANT,
                        30_000,
                        guard -> after(table, "   0: 0100007F:1F90 0100007F:9C40 08 x", guard)))
                .as("asked by no client")
                .isEqualTo(QueryGuard.Verdict.GO_ON);
    }

    private QueryGuard.Verdict after(Path table, String row, QueryGuard guard) {
        try {
            Files.writeString(table, row + "\n");
            Thread.sleep(150); // shorter queries are not looked after
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        queries.cancelAbandoned();
        return guard.verdict();
    }

    @Test
    void connections_ofThisProcessAreFound_asTheyOpenAndClose() throws Exception {
        ConnectionTable connections = new ConnectionTable();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            PeerSocket peer = new PeerSocket(accepted.getLocalPort(), accepted.getPort());
            assertThat(connections.read()).containsEntry(peer, ConnectionTable.State.OPEN);
            client.close();
            assertThat(connections.read()).containsEntry(peer, ConnectionTable.State.CLOSING);
        }
    }

    @Test
    void cancelAll_endsWhatRuns() {
        QueryGuard.Verdict verdict = queries.run(ACME, QueryKind.INSTANT, 30_000, guard -> {
            queries.cancelAll();
            return guard.verdict();
        });

        assertThat(verdict).isEqualTo(QueryGuard.Verdict.CANCELED);
    }
}
