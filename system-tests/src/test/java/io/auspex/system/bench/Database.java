package io.auspex.system.bench;

import io.auspex.system.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** The embedded PostgreSQL of a server, asked for figures over all tenants. */
public record Database(String url, String user, String password) {
    static Database of(RunningServer server) throws IOException {
        return of(server, "owner");
    }

    /** @param role owner, app or batch */
    public static Database of(RunningServer server, String role) throws IOException {
        Properties secrets = new Properties();
        try (InputStream in = Files.newInputStream(server.data().resolve("secrets/postgres.properties"))) {
            secrets.load(in);
        }
        List<String> postmaster = Files.readAllLines(Path.of(server.data().toString(), "postgres/data/postmaster.pid"));
        return new Database(
                "jdbc:postgresql://127.0.0.1:" + postmaster.get(3).strip() + "/auspex",
                "auspex_" + role,
                secrets.getProperty(role + ".password"));
    }

    public long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
