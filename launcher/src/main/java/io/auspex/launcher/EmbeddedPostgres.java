package io.auspex.launcher;

import io.auspex.launcher.DatabaseAccess.Login;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL of its own beside the server: programs from the bundle, data in one directory, reachable on the
 * loopback address only and by password only, with every durability setting on.
 *
 * <p>Its postmaster outlives a killed server; the next start takes it over instead of starting a second one. A
 * postmaster that was killed itself recovers from its log at the next start.
 */
final class EmbeddedPostgres {
    private static final String SUPERUSER = "postgres";
    private static final String DATABASE = "auspex";
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 60;
    private static final int ADOPT_SECONDS = 20;

    private final PostgresBinaries binaries;
    private final PostgresUser user;
    private final Path directory;
    private final SecretFile secrets;
    private final OptionalInt wantedPort;
    private int port; // settled by the factory

    private EmbeddedPostgres(
            PostgresBinaries binaries, PostgresUser user, Path directory, SecretFile secrets, OptionalInt wantedPort) {
        this.binaries = binaries;
        this.user = user;
        this.directory = directory;
        this.secrets = secrets;
        this.wantedPort = wantedPort;
    }

    /**
     * Port and passwords are settled now, the slow work is left to {@link #start}.
     *
     * @param jars the bundle's directory of PostgreSQL programs
     */
    static EmbeddedPostgres in(DataDirectory data, Path jars, OptionalInt port) throws IOException {
        Path directory = data.postgres();
        EmbeddedPostgres postgres = new EmbeddedPostgres(
                PostgresBinaries.of(jars, directory),
                PostgresUser.forFilesIn(directory),
                directory,
                SecretFile.at(data.secrets().resolve("postgres.properties")),
                port);
        postgres.settlePort();
        return postgres;
    }

    String version() {
        return binaries.version();
    }

    int port() {
        return port;
    }

    /** Starts it, or takes over the one that runs on this data already, and makes sure of roles and schemas. */
    void start() throws IOException, SQLException {
        binaries.unpack();
        Path cluster = cluster();
        String password = secrets.get("postgres.password");
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            initialise(cluster, password);
        }
        user.own(cluster);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ADOPT_SECONDS);
        while (true) {
            boolean adopted = postmaster().isPresent();
            if (!adopted && isDead() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                continue;
            }
            if (!adopted) {
                configure(cluster);
                control("start", START_SECONDS);
            }
            try {
                provision(password);
                return;
            } catch (SQLException e) {
                // one that was just killed may still be listed: it is gone in a moment and then started anew
                if (!adopted || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    /** Ends sessions, writes a checkpoint and stops. */
    void stop() {
        if (postmaster().isPresent()) {
            control("stop", STOP_SECONDS);
        }
    }

    /** Whether an operator stopped it on purpose; nobody starts it then but {@link #release}. */
    boolean isHeldStopped() {
        return Files.exists(heldStopped());
    }

    /** Stops it and keeps it stopped, for maintenance, while the server goes on as well as it can. */
    void holdStopped() throws IOException {
        Files.writeString(heldStopped(), "");
        stop();
    }

    /** Ends {@link #holdStopped}. */
    void release() throws IOException, SQLException {
        start();
        Files.deleteIfExists(heldStopped()); // last: until now the watch has kept its hands off
    }

    private Path heldStopped() {
        return directory.resolve("held-stopped");
    }

    /** The process id of the postmaster that serves this data, if one is alive. */
    OptionalLong postmaster() {
        OptionalLong pid = pidInFile();
        try {
            return pid.isPresent() && look(pid.getAsLong()) == Postmaster.LIVING ? pid : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // ending at this moment
        }
    }

    /** The number in the file that PostgreSQL keeps while it runs; none while it is written or removed. */
    private OptionalLong pidInFile() {
        try {
            return OptionalLong.of(Long.parseLong(Files.readAllLines(cluster().resolve("postmaster.pid"))
                    .get(0)
                    .strip()));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** What has the number that the data directory names. */
    private enum Postmaster {
        ABSENT,
        LIVING,
        /** Dead, but its parent has not yet taken notice: PostgreSQL would take it for a living one. */
        DEAD,
        /** After a reboot another program may have the number. */
        ANOTHER_PROGRAM
    }

    private static Postmaster look(long pid) throws IOException {
        if (ProcessHandle.of(pid).isEmpty()) {
            return Postmaster.ABSENT;
        }
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return Postmaster.LIVING; // not Linux: the number is all there is
        }
        List<String> lines = Files.readAllLines(status);
        if (!lines.contains("Name:\tpostgres")) {
            return Postmaster.ANOTHER_PROGRAM;
        }
        return lines.stream().anyMatch(line -> line.startsWith("State:\tZ")) ? Postmaster.DEAD : Postmaster.LIVING;
    }

    private boolean isDead() throws IOException {
        OptionalLong pid = pidInFile();
        return pid.isPresent() && look(pid.getAsLong()) == Postmaster.DEAD;
    }

    DatabaseAccess access() throws IOException {
        return new DatabaseAccess(
                url(DATABASE),
                login("auspex_owner", "owner"),
                login("auspex_app", "app"),
                login("auspex_batch", "batch"));
    }

    private Login login(String role, String secret) throws IOException {
        return new Login(role, secrets.get(secret + ".password"));
    }

    private Path cluster() {
        return directory.resolve("data");
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void initialise(Path cluster, String password) throws IOException {
        Files.createDirectories(
                cluster, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(cluster);
        Path passwordFile = directory.resolve("password.tmp");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, password + "\n");
            user.own(passwordFile);
            run(
                    List.of(
                            binaries.program("initdb").toString(),
                            "--pgdata=" + cluster,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--locale=C.UTF-8",
                            "--no-instructions"),
                    START_SECONDS);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private void configure(Path cluster) throws IOException {
        Files.writeString(cluster.resolve("postgresql.conf"), resource("postgresql.conf"));
        Files.writeString(cluster.resolve("pg_hba.conf"), resource("pg_hba.conf"));
    }

    private int runningPort() throws IOException {
        List<String> lines = Files.readAllLines(cluster().resolve("postmaster.pid"));
        return Integer.parseInt(lines.get(3).strip());
    }

    private void settlePort() throws IOException {
        if (postmaster().isPresent()) {
            port = runningPort();
            return;
        }
        Path file = directory.resolve("port");
        if (wantedPort.isPresent()) {
            port = wantedPort.getAsInt();
            if (!isFree(port)) {
                throw new Refusal(
                        Refusal.Kind.PORT_IN_USE, "port " + port + " (AUSPEX_PG_PORT) is in use by another program");
            }
            return;
        }
        port = remembered(file);
        while (port == 0 || !isFree(port)) {
            port = ThreadLocalRandom.current().nextInt(15_432, 20_000); // below the kernel's ephemeral ports
        }
        DurableFile.write(file, (port + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The port of the last start; 0 when there is none, or only what a power failure left of it. */
    private static int remembered(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void control(String action, int seconds) {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("pg_ctl").toString(),
                action,
                "--pgdata=" + cluster(),
                "--wait",
                "--timeout=" + seconds));
        if (action.equals("start")) {
            command.addAll(
                    List.of("--options=-c port=" + port, "--log=" + cluster().resolve("start.log")));
        } else {
            command.add("--mode=fast");
        }
        run(command, seconds + 5);
    }

    private void run(List<String> command, int seconds) {
        Commands.Outcome outcome = Commands.run(user.command(command), directory, seconds);
        if (outcome.status() != 0) {
            throw new Refusal(
                    Refusal.Kind.DATABASE_UNAVAILABLE,
                    "embedded PostgreSQL: " + Path.of(command.get(0)).getFileName() + " failed (" + outcome.status()
                            + "):\n" + outcome.output() + "\n" + startLog());
        }
    }

    private String startLog() {
        Path log = cluster().resolve("start.log");
        try {
            return Files.exists(log) ? Files.readString(log).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private void provision(String password) throws SQLException, IOException {
        try (Connection connection = connect(SUPERUSER, password);
                Statement statement = connection.createStatement()) {
            checkIsOurs(statement);
            boolean exists;
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + DATABASE + " encoding 'UTF8' template template0");
            }
        }
        DatabaseAccess access = access();
        String script = RolesScript.with(
                resource("roles.sql"),
                access.owner().password(),
                access.application().password(),
                access.batch().password());
        try (Connection connection = connect(DATABASE, password);
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    /** A postmaster that was taken over may still be recovering; it is waited for as long as it lives. */
    private Connection connect(String database, String password) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                return DriverManager.getConnection(url(database), SUPERUSER, password);
            } catch (SQLException e) {
                boolean starting = "57P03".equals(e.getSQLState());
                if (!starting || postmaster().isEmpty() || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private void checkIsOurs(Statement statement) throws SQLException, IOException {
        try (ResultSet row = statement.executeQuery("show data_directory")) {
            row.next();
            Path served = Path.of(row.getString(1));
            if (!Files.isSameFile(served, cluster())) {
                throw new Refusal(
                        Refusal.Kind.DATABASE_UNAVAILABLE,
                        "the PostgreSQL on port " + port + " serves " + served + ", not " + cluster());
            }
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = EmbeddedPostgres.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException(name + " is missing in the launcher");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
