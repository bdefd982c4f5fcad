package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.SnapshotWriter;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** All that is stored of one tenant's samples, as one file on this node that {@code auspex restore} reads. */
@ApplicationScoped
public class Snapshots {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final String SUFFIX = ".snapshot";
    private static final int FETCH = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What is written, in the order in which it must be restored. */
    private static final List<Table> TABLES = List.of(
            new Table(
                    "series",
                    "series_id, h1, h2, metric, labels, segment, slot, created_at, last_seen",
                    "series_id",
                    false),
            new Table("metric_metadata", "metric, type, help, unit, updated_at", "metric", false),
            new Table("exemplar", "series_id, ts, labels, value", "exemplar_id", false),
            new Table(
                    "deletion_request",
                    "selectors, selectors_hash, from_ms, to_ms, series, series_ids, requested_by, requested_at,"
                            + " undo_until, state",
                    "request_id",
                    false),
            new Table(
                    "perf_metrics",
                    "segment, t_start, generation, t_end, series, samples, level",
                    "t_start, segment, generation, level",
                    true),
            new Table("perf_metrics_1m", "segment, t_start, histograms", "t_start, segment", true),
            new Table("perf_metrics_5m", "segment, t_start, histograms", "t_start, segment", true),
            new Table("perf_metrics_1h", "segment, t_start, histograms", "t_start, segment", true),
            new Table("perf_metrics_1d", "segment, t_start, histograms", "t_start, segment", true));

    @Inject
    TenantJdbc jdbc;

    @Inject
    StorageBeans storage;

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.data", defaultValue = "data")
    String data;

    @Inject
    @ConfigProperty(name = "auspex.snapshot.directory")
    Optional<String> directory;

    @Inject
    @ConfigProperty(name = "auspex.snapshot.keep", defaultValue = "3")
    int keep;

    private final SecureRandom random = new SecureRandom();

    private record Table(String name, String columns, String order, boolean hasData) {
        String where() {
            // what was asked to be deleted stays hidden where it is restored, and is erased there in time
            return name.equals("deletion_request") ? " where state = 'hidden'" : "";
        }
    }

    /** What was written. */
    public record Outcome(Path file, long rows, long bytes) {}

    /** A name as the reference makes them. */
    public String name() {
        byte[] eight = new byte[8];
        random.nextBytes(eight);
        return TIME.format(clock.instant().atOffset(ZoneOffset.UTC)) + "-"
                + HexFormat.of().formatHex(eight);
    }

    /**
     * Writes everything that was acknowledged before this call, then removes snapshots of the tenant beyond those that
     * are kept.
     *
     * @param percent is told how far it is, 1 to 100
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there or the file cannot be written
     */
    public Outcome write(TenantId tenant, String name, IntConsumer percent) {
        try {
            storage.engine().flushAnywhere(PATIENCE);
            return jdbc.callUnbound(connection -> write(connection, tenant, name, percent));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuspexException(Code.UNAVAILABLE, "the server stops", e);
        } catch (UncheckedIOException e) {
            throw new AuspexException(Code.UNAVAILABLE, "the snapshot cannot be written: " + e.getMessage(), e);
        }
    }

    private Outcome write(Connection connection, TenantId tenant, String name, IntConsumer percent)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // one state of all tables, whatever is flushed or merged meanwhile
            statement.execute("set transaction isolation level repeatable read, read only");
        }
        TenantJdbc.bind(connection, tenant);
        String slug = slug(connection);
        long total = 0;
        for (Table table : TABLES) {
            total += count(connection, table);
        }
        try {
            Path folder = folder(slug);
            Path part = folder.resolve(name + ".part");
            Progress progress = new Progress(Math.max(1, total), percent);
            try (FileChannel channel = create(part)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                try (SnapshotWriter writer = new SnapshotWriter(out, manifest(name, slug, total))) {
                    for (Table table : TABLES) {
                        write(connection, table, writer, progress);
                    }
                }
                channel.force(true);
            } catch (IOException | SQLException | RuntimeException e) {
                Files.deleteIfExists(part);
                throw e;
            }
            Path file = Files.move(part, folder.resolve(name + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
            removeOld(folder);
            return new Outcome(file, total, Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private Path folder(String slug) throws IOException {
        Path folder = directory
                .map(Path::of)
                .orElseGet(() -> Path.of(data).resolve("snapshots"))
                .resolve(slug);
        return Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private String manifest(String name, String slug, long rows) {
        return Json.createObjectBuilder()
                .add("name", name)
                .add("tenant", slug)
                .add("created", clock.instant().toString())
                .add("rows", rows)
                .build()
                .toString();
    }

    private static String slug(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select slug from auspex.tenant")) {
            row.next();
            return row.getString(1);
        }
    }

    private static long count(Connection connection, Table table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from auspex." + table.name() + table.where())) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void write(Connection connection, Table table, SnapshotWriter writer, Progress progress)
            throws SQLException, IOException {
        String rows = "select " + table.columns() + ", " + (table.hasData() ? "data" : "null::bytea as data")
                + " from auspex." + table.name() + table.where() + " order by " + table.order();
        String sql = "select row_to_json(r)::text, d.data from (" + rows + ") d" + " cross join lateral (select "
                + qualified(table.columns()) + ") r";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (table.hasData()) {
                        writer.row(table.name(), row.getString(1), row.getBytes(2));
                    } else {
                        writer.row(table.name(), row.getString(1));
                    }
                    progress.next();
                }
            }
        }
    }

    private static String qualified(String columns) {
        return Stream.of(columns.split(", ", -1))
                .map(column -> "d." + column)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    private void removeOld(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> newestFirst = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path old : newestFirst.subList(Math.min(Math.max(1, keep), newestFirst.size()), newestFirst.size())) {
                Files.deleteIfExists(old);
            }
        }
    }

    /** Tells each percent once. */
    private static final class Progress {
        private final long total;
        private final IntConsumer percent;
        private long done;
        private int told;

        Progress(long total, IntConsumer percent) {
            this.total = total;
            this.percent = percent;
        }

        void next() {
            int now = (int) (++done * 100 / total);
            if (now > told) {
                told = now;
                percent.accept(now);
            }
        }
    }
}
