package io.auspex.system;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** The embedded PostgreSQL of a server, around it. */
public final class EmbeddedDatabase {
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

    /** The environment by which another server works on the same database. */
    public static Map<String, String> settings(RunningServer server) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("AUSPEX_DB_URL", "jdbc:postgresql://127.0.0.1:" + port(server) + "/auspex");
        Properties passwords = passwords(server);
        for (String role : List.of("owner", "app", "batch")) {
            settings.put(
                    "AUSPEX_DB_" + role.toUpperCase(Locale.ROOT) + "_PASSWORD",
                    passwords.getProperty(role + ".password"));
        }
        return settings;
    }

    private static Properties passwords(RunningServer server) throws IOException {
        Properties secrets = new Properties();
        try (var in = Files.newInputStream(server.data().resolve("secrets/postgres.properties"))) {
            secrets.load(in);
        }
        return secrets;
    }
}
