package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a snapshot into a tenant without samples, in one transaction: all of it or nothing. The server must not run,
 * since what it has in memory would not be what is stored.
 */
final class Restore {
    private static final Pattern TENANT = Pattern.compile("\"tenant\":\"([a-z][a-z0-9-]{1,62})\"");
    private static final Pattern START = Pattern.compile("\"t_start\":(-?\\d+)");

    /** Taken from the numbers of flushes, so that they stay in order and are less than those of the new place. */
    private static final long EARLIER = 1L << 40;

    /** What may be in a snapshot, and which of its columns are restored. */
    private static final Map<String, String> TABLES = Map.of(
            "series", "series_id, h1, h2, metric, labels, segment, slot, created_at, last_seen",
            "metric_metadata", "metric, type, help, unit, updated_at",
            "exemplar", "series_id, ts, labels, value",
            "deletion_request",
                    "selectors, selectors_hash, from_ms, to_ms, series, series_ids, requested_by, requested_at,"
                            + " undo_until, state",
            "perf_metrics", "segment, t_start, generation, t_end, series, samples, level",
            "perf_metrics_1m", "segment, t_start, histograms",
            "perf_metrics_5m", "segment, t_start, histograms",
            "perf_metrics_1h", "segment, t_start, histograms",
            "perf_metrics_1d", "segment, t_start, histograms");

    private final DatabaseAccess access;
    private final Set<String> partitions = new HashSet<>();

    Restore(DatabaseAccess access) {
        this.access = access;
    }

    /** @param tenant slug; the snapshot's own when absent. It is made when there is none of that name. */
    String run(Path file, Optional<String> tenant) throws IOException {
        try (SnapshotFile snapshot = new SnapshotFile(file);
                Connection connection = DriverManager.getConnection(
                        access.url(),
                        access.application().user(),
                        access.application().password())) {
            connection.setAutoCommit(false);
            String slug = tenant.orElseGet(() -> {
                Matcher named = TENANT.matcher(snapshot.manifest());
                if (!named.find()) {
                    throw new Refusal(Refusal.Kind.USAGE, "the snapshot does not name its tenant: name one");
                }
                return named.group(1);
            });
            int id = tenant(connection, slug);
            bind(connection, id);
            refuseUsed(connection, slug);
            long rows = 0;
            for (Optional<SnapshotFile.Rows> next = snapshot.next(); next.isPresent(); next = snapshot.next()) {
                insert(connection, id, next.get());
                rows += next.get().json().size();
            }
            finish(connection);
            connection.commit();
            return "restored " + rows + " rows into tenant " + slug;
        } catch (SQLException e) {
            throw new Refusal(
                    Refusal.Kind.DATABASE_UNAVAILABLE,
                    "the snapshot could not be restored, nothing was changed: " + e.getMessage()
                            + "\nThe database must have been migrated by a server of this version: start it once before.",
                    e);
        }
    }

    private static int tenant(Connection connection, String slug) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select tenant_id from auspex.tenant_list() where slug = ?")) {
            select.setString(1, slug);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return row.getInt(1);
                }
            }
        }
        set(connection, "app.actor", "restore");
        try (PreparedStatement create = connection.prepareStatement("select auspex.tenant_create(?, ?)")) {
            create.setString(1, slug);
            create.setString(2, slug);
            try (ResultSet row = create.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void bind(Connection connection, int tenant) throws SQLException {
        set(connection, "app.tenant_id", Integer.toString(tenant));
        set(connection, "app.actor", "restore");
    }

    private static void set(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, true)")) {
            set.setString(1, name);
            set.setString(2, value);
            set.execute();
        }
    }

    private static void refuseUsed(Connection connection, String slug) throws SQLException {
        for (String table : List.of("series", "perf_metrics")) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select exists (select from auspex." + table + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new Refusal(
                            Refusal.Kind.USAGE,
                            "tenant " + slug + " has samples already: a snapshot goes into an empty tenant,"
                                    + " name another one");
                }
            }
        }
    }

    private void insert(Connection connection, int tenant, SnapshotFile.Rows rows) throws SQLException {
        String columns = TABLES.get(rows.table());
        if (columns == null) {
            throw new Refusal(
                    Refusal.Kind.DATA, "the snapshot has rows of a table " + rows.table() + ", which is none");
        }
        if (rows.data().isPresent()) {
            makePartition(connection, rows.table(), rows.json().get(0));
        }
        boolean data = rows.data().isPresent();
        String values = "r." + columns.replace(", ", ", r.").replace("generation", "generation - " + EARLIER);
        String sql = "insert into auspex." + rows.table() + " (tenant_id, " + columns + (data ? ", data" : "")
                + ") select ?, " + values + (data ? ", ?" : "")
                + " from json_populate_recordset(null::auspex." + rows.table() + ", ?::json) r";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int at = 1;
            insert.setInt(at++, tenant);
            if (data) {
                insert.setBytes(at++, rows.data().orElseThrow());
            }
            insert.setString(at, "[" + String.join(",", rows.json()) + "]");
            insert.executeUpdate();
        }
    }

    private void makePartition(Connection connection, String table, String json) throws SQLException {
        Matcher start = START.matcher(json);
        if (!start.find()) {
            throw new Refusal(Refusal.Kind.DATA, "a row of " + table + " does not say when it begins: " + json);
        }
        LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(Long.parseLong(start.group(1))), ZoneOffset.UTC);
        if (!partitions.add(table + day)) {
            return;
        }
        boolean raw = table.equals("perf_metrics");
        try (PreparedStatement create = connection.prepareStatement(
                raw ? "select auspex.perf_metrics_create_day(?)" : "select auspex.perf_metrics_create_tier(?, ?)")) {
            int at = 1;
            if (!raw) {
                create.setString(at++, table.substring(table.lastIndexOf('_') + 1));
            }
            create.setObject(at, day);
            create.execute();
        }
    }

    /** New series get numbers behind those that came with the snapshot. */
    private void finish(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select auspex.series_id_reserve(max(series_id)) from auspex.series having count(*) > 0");
        }
    }
}
