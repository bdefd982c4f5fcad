package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One server through its whole life, in this order: started, refused twice, killed, taken over, crashed, stopped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LifeCycleIT {
    private static RunningServer server;

    @BeforeAll
    static void startOnEmptyData() {
        server = RunningServer.fresh("life-cycle");
    }

    @AfterAll
    static void stopWhatStillRuns() {
        server.close();
    }

    @Test
    @Order(1)
    void start_isReadyAndSaysWhere() {
        HttpResponse<String> ready = server.get("/health/ready");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(server.consoleText()).contains("http://127.0.0.1:" + server.port() + "/");
    }

    @Test
    @Order(2)
    void start_keepsSecretsFromOthers() throws Exception {
        try (Stream<Path> files = Files.walk(server.data().resolve("secrets"))) {
            for (Path file : files.toList()) {
                String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertThat(permissions).as(file.toString()).endsWith("------");
            }
        }
    }

    @Test
    @Order(3)
    void secondStart_isRefused_onTheSameData() {
        RunningServer.Ended second = server.startAgainWhileRunning();

        assertThat(second.status()).isEqualTo(75);
        assertThat(second.console()).contains("another Auspex runs on " + server.data());
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(4)
    void killedServer_findsItsPostgresAgain() {
        OptionalLong before = server.postmasterPid();

        server.killHard();
        server.start();

        assertThat(before).isPresent();
        assertThat(server.postmasterPid()).isEqualTo(before);
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void killedServerAndPostgres_recover() {
        long postmaster = server.postmasterPid().orElseThrow();

        server.killHard();
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        server.start();

        assertThat(server.postmasterPid()).isPresent().isNotEqualTo(OptionalLong.of(postmaster));
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(6)
    void stop_leavesNothingRunning() {
        RunningServer.Ended ended = server.stop();

        assertThat(ended.status()).isZero();
        assertThat(ended.console()).contains("application stopped").contains("PostgreSQL stopped");
        assertThat(server.postmasterPid()).isEmpty();
    }

    @Test
    @Order(7)
    void start_isRefused_whenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(server.port(), 1, InetAddress.getByName("127.0.0.1"))) {
            RunningServer.Ended refused = server.startAgainWhileRunning();

            assertThat(refused.status()).isEqualTo(73);
            assertThat(refused.console()).contains("AUSPEX_HTTP_PORT");
        }
        assertThat(server.postmasterPid()).isEmpty();
    }

    @Test
    @Order(8)
    void start_isRefused_whenTheExternalDatabaseIsAway() {
        Map<String, String> nobodyThere = Map.of(
                "AUSPEX_DB_URL", "jdbc:postgresql://127.0.0.1:1/auspex",
                "AUSPEX_DB_OWNER_PASSWORD", "x",
                "AUSPEX_DB_APP_PASSWORD", "x",
                "AUSPEX_DB_BATCH_PASSWORD", "x");

        RunningServer.Ended refused = server.startWith(nobodyThere);

        assertThat(refused.status()).isEqualTo(69);
        assertThat(refused.console()).contains("jdbc:postgresql://127.0.0.1:1/auspex");
    }
}
