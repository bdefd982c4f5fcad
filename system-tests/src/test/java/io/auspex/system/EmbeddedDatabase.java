package io.auspex.system;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The embedded PostgreSQL of a server, around it. */
final class EmbeddedDatabase {
    private EmbeddedDatabase() {}

    /** As the superuser, who could do anything. */
    static Connection superuser(RunningServer server, String database) throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(server) + "/" + database,
                "postgres",
                passwords(server).getProperty("postgres.password"));
    }

    static String port(RunningServer server) throws IOException {
        return Files.readAllLines(server.data().resolve("postgres/data/postmaster.pid"))
                .get(3)
                .strip();
    }

    /** By role, as in {@code app.password}. */
    static Properties passwords(RunningServer server) throws IOException {
        Properties secrets = new Properties();
        try (var in = Files.newInputStream(server.data().resolve("secrets/postgres.properties"))) {
            secrets.load(in);
        }
        return secrets;
    }
}
