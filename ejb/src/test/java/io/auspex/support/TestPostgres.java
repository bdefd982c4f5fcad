package io.auspex.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.changelog.ChangeSet;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL for tests, with every durability setting on, from the programs of the embedded one.
 *
 * <p>{@link #shared()} is one server for all test classes of a JVM; {@link #newDatabase} gives each class a
 * migrated database of its own in a fraction of a second. {@link #start()} is for tests that stop or kill it.
 */
public final class TestPostgres implements AutoCloseable {
    public static final String OWNER = "auspex_owner";
    public static final String APP = "auspex_app";
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String TEMPLATE = "auspex_template";
    private static final Logger LIQUIBASE =
            Logger.getLogger("liquibase"); // a field: the log manager keeps no level alive
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable TestPostgres shared;

    private final Path binaries;
    private final Path data;
    private final int port;
    private boolean migrated;

    private TestPostgres(Path binaries, Path data, int port) {
        this.binaries = binaries;
        this.data = data;
        this.port = port;
    }

    public static synchronized TestPostgres shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    public static TestPostgres start() {
        try {
            Path data = Files.createTempDirectory("auspex-test-pg");
            TestPostgres server = new TestPostgres(binaries(), data, freePort());
            server.own(data);
            server.run("initdb", "-D", data.toString(), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C");
            server.restart();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after {@link #stopImmediately()}. */
    public void restart() {
        run(
                "pg_ctl",
                "start",
                "-D",
                data.toString(),
                "-w",
                "-l",
                data.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=64MB"
                        + " -c max_wal_size=2GB");
    }

    /** As a crash: sessions are cut, nothing is flushed, recovery follows at the next start. */
    public void stopImmediately() {
        run("pg_ctl", "stop", "-D", data.toString(), "-m", "immediate");
    }

    @Override
    public void close() {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            stopImmediately();
        }
        try {
            if (Files.exists(data)) {
                delete(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of a new database with the whole schema of Auspex and no rows. */
    public synchronized String newDatabase() {
        try {
            if (!migrated) {
                prepareTemplate();
                migrated = true;
            }
            String name = "test_" + DATABASES.incrementAndGet();
            execute("postgres", "create database " + name + " template " + TEMPLATE);
            execute(name, "alter database " + name + " set search_path = auspex");
            return name;
        } catch (Exception e) {
            throw new IllegalStateException("no test database", e);
        }
    }

    /** A database as it was before a change set, for what becomes of data that are older. */
    public synchronized String databaseBefore(String changeSet) {
        newDatabase(); // for the roles
        String name = "old_" + DATABASES.incrementAndGet();
        try {
            execute("postgres", "create database " + name);
            execute(name, "create schema auspex authorization auspex_owner");
            execute(name, "alter database " + name + " set search_path = auspex");
            withLiquibase(name, liquibase -> {
                int before = 0;
                for (ChangeSet each : liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression())) {
                    if (each.getId().equals(changeSet)) {
                        break;
                    }
                    before++;
                }
                liquibase.update(before, "");
            });
            return name;
        } catch (Exception e) {
            throw new IllegalStateException("no old test database", e);
        }
    }

    /** Applies some change sets, or all that there are. */
    public void migrate(String database, int most) {
        try {
            withLiquibase(database, liquibase -> liquibase.update(most, ""));
        } catch (Exception e) {
            throw new IllegalStateException("migration failed", e);
        }
    }

    /** Takes the last change sets back. */
    public void rollBack(String database, int changeSets) {
        try {
            withLiquibase(database, liquibase -> liquibase.rollback(changeSets, ""));
        } catch (Exception e) {
            throw new IllegalStateException("rollback failed", e);
        }
    }

    public DataSource dataSource(String database, String role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(database));
        source.setUser(role);
        return source;
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void prepareTemplate() throws Exception {
        LIQUIBASE.setLevel(Level.WARNING);
        execute(
                "postgres",
                "create role auspex_owner login; create role auspex_app login; create role auspex_batch login");
        execute("postgres", "create database " + TEMPLATE);
        execute(TEMPLATE, "create schema auspex authorization auspex_owner");
        withLiquibase(TEMPLATE, liquibase -> liquibase.update(""));
    }

    @FunctionalInterface
    private interface Migration {
        void apply(Liquibase liquibase) throws Exception;
    }

    private void withLiquibase(String database, Migration migration) throws Exception {
        try (Connection connection = dataSource(database, OWNER).getConnection();
                ClassLoaderResourceAccessor resources = new ClassLoaderResourceAccessor()) {
            Liquibase liquibase = new Liquibase("changelog/master.xml", resources, new JdbcConnection(connection));
            liquibase.getDatabase().setDefaultSchemaName("auspex");
            liquibase.getDatabase().setLiquibaseSchemaName("auspex");
            liquibase.setChangeLogParameter("ownerRole", OWNER);
            liquibase.setChangeLogParameter("appRole", APP);
            migration.apply(liquibase);
        }
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(database), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static synchronized Path binaries() throws IOException {
        Path target = Path.of(System.getProperty("java.io.tmpdir"), "auspex-test-postgres-bin");
        if (Files.isDirectory(target)) {
            return target;
        }
        Path partial = Files.createTempDirectory("auspex-test-pg-bin");
        Path archive = partial.resolve("archive.txz");
        try (InputStream in = TestPostgres.class.getResourceAsStream(ARCHIVE)) {
            if (in == null) {
                throw new IOException(ARCHIVE + " is not on the class path");
            }
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        command(List.of("tar", "-xJf", archive.toString(), "--no-same-owner", "-C", partial.toString()));
        Files.delete(archive);
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            return Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) { // another test run was first
                throw e;
            }
            delete(partial);
            return target;
        }
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        command(command);
    }

    private void own(Path directory) throws IOException {
        if (isRoot()) {
            Files.setAttribute(directory, "unix:gid", 65534);
            Files.setAttribute(directory, "unix:uid", 65534);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void command(List<String> command) {
        try {
            Path output = Files.createTempFile("auspex-test", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(output.getParent().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        // each process begins elsewhere, so that nobody else takes the port of a server that is stopped for a moment
        int first = 23_100 + (int) (ProcessHandle.current().pid() % 80) * 10;
        for (int port = first; port < first + 100; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: the next one
            }
        }
        throw new IOException("no free port");
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                try (Stream<Path> left = Files.list(directory)) {
                    if (left.findAny().isEmpty()) {
                        Files.delete(directory);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
