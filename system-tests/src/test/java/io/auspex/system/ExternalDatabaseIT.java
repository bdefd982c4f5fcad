package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A PostgreSQL that somebody else runs, chosen by environment variables alone. One that would not keep tenants apart
 * stops the start, with its reason.
 */
final class ExternalDatabaseIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final List<String> ROLES = List.of("external_owner", "external_app", "external_batch");

    @BeforeAll
    static void anotherDatabase() throws Exception {
        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "postgres");
                Statement statement = connection.createStatement()) {
            for (String role : ROLES) {
                statement.execute("create role " + role + " login password '" + role + "'");
            }
            statement.execute("create database external");
        }
        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "external");
                Statement statement = connection.createStatement()) {
            statement.execute("create schema auspex authorization external_owner");
            statement.execute("create schema auspex_batch authorization external_batch");
            statement.execute("alter role external_owner set search_path = auspex");
            statement.execute("alter role external_app set search_path = auspex");
        }
    }

    @AfterAll
    static void dropIt() throws Exception {
        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database external with (force)");
            for (String role : ROLES) {
                statement.execute("drop role " + role);
            }
        }
    }

    private static void sql(String statement) throws Exception {
        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "external");
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private static Map<String, String> settings() throws Exception {
        return Map.of(
                "AUSPEX_DB_URL", "jdbc:postgresql://127.0.0.1:" + EmbeddedDatabase.port(SERVER) + "/external",
                "AUSPEX_DB_OWNER_USER", "external_owner",
                "AUSPEX_DB_OWNER_PASSWORD", "external_owner",
                "AUSPEX_DB_APP_USER", "external_app",
                "AUSPEX_DB_APP_PASSWORD", "external_app",
                "AUSPEX_DB_BATCH_USER", "external_batch",
                "AUSPEX_DB_BATCH_PASSWORD", "external_batch");
    }

    private static String refusal() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Map<String, String> refused = new HashMap<>(settings());
        refused.put("AUSPEX_DATA", SERVER.data().resolveSibling("refused").toString());
        refused.put("AUSPEX_HTTP_PORT", Integer.toString(port));
        RunningServer.Ended ended = SERVER.startWith(refused);
        assertThat(ended.status()).as(ended.console()).isNotZero();
        return ended.console()
                + java.nio.file.Files.readString(SERVER.data().resolveSibling("refused/logs/auspex.log"));
    }

    @Test
    void start_takesTheDatabaseThatTheEnvironmentNames_andStartsNoOther() throws Exception {
        try (RunningServer server = RunningServer.fresh("external", settings())) {
            byte[] sample = new RemoteWriteRequest()
                    .add(Labels.of("__name__", "kept_outside"), System.currentTimeMillis(), 42)
                    .toBody();
            assertThat(server.send(server.withApiKey("/api/v1/write")
                                    .header("Content-Type", "application/x-protobuf")
                                    .header("Content-Encoding", "snappy")
                                    .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(sample))
                                    .build())
                            .statusCode())
                    .isEqualTo(204);
            server.restart();

            assertThat(server.send(server.withApiKey("/api/v1/query?query=kept_outside")
                                    .GET()
                                    .build())
                            .body())
                    .contains("\"42\"");
            assertThat(server.postmasterPid()).isEmpty();
        }
    }

    @Test
    void start_isRefused_whenTheRoleBypassesRowSecurity() throws Exception {
        sql("alter role external_app bypassrls");
        try {
            assertThat(refusal()).contains("role external_app has BYPASSRLS");
        } finally {
            sql("alter role external_app nobypassrls");
        }
    }

    @Test
    void start_isRefused_whenTheRoleBelongsToTheOwner() throws Exception {
        sql("grant external_owner to external_app");
        try {
            assertThat(refusal()).contains("role external_app is a member of the owner of schema auspex");
        } finally {
            sql("revoke external_owner from external_app");
        }
    }
}
