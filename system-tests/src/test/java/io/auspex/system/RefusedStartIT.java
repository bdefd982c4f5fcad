package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database that would not keep tenants apart stops the start, with its reason. */
final class RefusedStartIT {
    private static final RunningServer SERVER = RunningServer.shared();

    @BeforeAll
    static void anotherDatabase() throws Exception {
        try (Connection connection = AuditIT.superuser(SERVER, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create role unsafe_owner login password 'o'");
            statement.execute("create role unsafe_app login password 'a'");
            statement.execute("create role unsafe_batch login password 'b'");
            statement.execute("create database unsafe");
        }
        try (Connection connection = AuditIT.superuser(SERVER, "unsafe");
                Statement statement = connection.createStatement()) {
            statement.execute("create schema auspex authorization unsafe_owner");
            statement.execute("create schema auspex_batch authorization unsafe_batch");
            statement.execute("alter role unsafe_owner set search_path = auspex");
            statement.execute("alter role unsafe_app set search_path = auspex");
        }
    }

    @AfterAll
    static void dropIt() throws Exception {
        try (Connection connection = AuditIT.superuser(SERVER, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database unsafe with (force)");
            statement.execute("drop role unsafe_owner");
            statement.execute("drop role unsafe_app");
            statement.execute("drop role unsafe_batch");
        }
    }

    private static void sql(String statement) throws Exception {
        try (Connection connection = AuditIT.superuser(SERVER, "unsafe");
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private static String refusal() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RunningServer.Ended ended = SERVER.startWith(Map.ofEntries(
                Map.entry("AUSPEX_DATA", SERVER.data().resolveSibling("refused").toString()),
                Map.entry("AUSPEX_HTTP_PORT", Integer.toString(port)),
                Map.entry("AUSPEX_DB_URL", "jdbc:postgresql://127.0.0.1:" + AuditIT.postgresPort(SERVER) + "/unsafe"),
                Map.entry("AUSPEX_DB_OWNER_USER", "unsafe_owner"),
                Map.entry("AUSPEX_DB_OWNER_PASSWORD", "o"),
                Map.entry("AUSPEX_DB_APP_USER", "unsafe_app"),
                Map.entry("AUSPEX_DB_APP_PASSWORD", "a"),
                Map.entry("AUSPEX_DB_BATCH_USER", "unsafe_batch"),
                Map.entry("AUSPEX_DB_BATCH_PASSWORD", "b")));
        assertThat(ended.status()).as(ended.console()).isNotZero();
        return ended.console()
                + java.nio.file.Files.readString(SERVER.data().resolveSibling("refused/logs/auspex.log"));
    }

    @Test
    void start_isRefused_whenTheRoleBypassesRowSecurity() throws Exception {
        sql("alter role unsafe_app bypassrls");
        try {
            assertThat(refusal()).contains("role unsafe_app has BYPASSRLS");
        } finally {
            sql("alter role unsafe_app nobypassrls");
        }
    }

    @Test
    void start_isRefused_whenTheRoleBelongsToTheOwner() throws Exception {
        sql("grant unsafe_owner to unsafe_app");
        try {
            assertThat(refusal()).contains("role unsafe_app is a member of the owner of schema auspex");
        } finally {
            sql("revoke unsafe_owner from unsafe_app");
        }
    }
}
