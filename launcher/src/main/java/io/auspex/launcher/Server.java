package io.auspex.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A whole Auspex in this process: started in order, stopped in the reverse order. */
final class Server {
    private final Bundle bundle;
    private final Settings settings;
    private final Console console;
    private final Optional<ClassCache> classCache = ClassCache.asked();
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable PostgresWatch watch;
    private @Nullable Container container;
    private @Nullable CompletableFuture<Void> database;
    private volatile boolean stopAsked;

    Server(Bundle bundle, Settings settings, Console console) {
        this.bundle = bundle;
        this.settings = settings;
        this.console = console;
    }

    synchronized void start() throws IOException {
        Instant begun = Instant.now();
        console.say("Auspex " + Version.current() + " starts; data in " + settings.data());
        DataDirectory data = DataDirectory.open(settings.data());
        refuseUsedPort();
        Trees.empty(data.container());
        Logging.toFile(
                data.logs().resolve("auspex.log"), data.container().resolve("logging.properties"), settings.logLevel());
        DatabaseAccess access = prepareDatabase(data);
        // the container boots while PostgreSQL starts; only the application needs both
        CompletableFuture<Void> starting = CompletableFuture.runAsync(() -> startDatabase(access));
        database = starting;
        long since = System.nanoTime();
        Container booted = Container.boot(bundle, settings, data.container(), access.asSettings());
        container = booted;
        giveUpIfStopped();
        console.done("container ready", since);
        join(starting);
        giveUpIfStopped();
        since = System.nanoTime();
        booted.deploy(bundle.application());
        booted.listen(true);
        new Readiness(settings).await();
        console.done("application ready", since);
        new Welcome(settings, data, console).print(begun);
        System.gc(); // a start leaves more garbage than hours of rest; the memory goes back to the system
        classCache.ifPresent(ClassCache::makeInBackground);
    }

    /** Makes a start that is under way give up after its present step. */
    void askToStop() {
        stopAsked = true;
    }

    private void giveUpIfStopped() {
        if (stopAsked) {
            throw new Refusal(Refusal.Kind.INTERRUPTED, "stopped while starting");
        }
    }

    /** Stops what was started, also when the start came to nothing; waits for a start under way to give up. */
    synchronized void stop() {
        console.say("Auspex stops");
        classCache.ifPresent(ClassCache::abandon);
        Container running = container;
        if (running != null) {
            new Drain(settings.drainNotice(), settings.drain()).run();
            running.listen(false);
            running.stop();
            container = null;
            console.say("  application stopped");
        }
        if (database != null) {
            database.handle((nothing, failure) -> nothing).join(); // one that is just being started is stopped, too
        }
        if (watch != null) {
            watch.end();
        }
        EmbeddedPostgres embedded = postgres;
        if (embedded != null) {
            embedded.stop();
            postgres = null;
            console.say("  PostgreSQL stopped");
        }
    }

    private DatabaseAccess prepareDatabase(DataDirectory data) throws IOException {
        if (settings.database().isPresent()) {
            return settings.database().get();
        }
        EmbeddedPostgres embedded = EmbeddedPostgres.in(data, bundle.postgresJars(), settings.postgresPort());
        postgres = embedded;
        return embedded.access();
    }

    private void startDatabase(DatabaseAccess access) {
        long since = System.nanoTime();
        EmbeddedPostgres embedded = postgres;
        if (embedded == null) {
            checkReachable(access);
            console.done("PostgreSQL at " + Settings.withoutQuery(access.url()) + " reached", since);
            return;
        }
        try {
            embedded.release();
            watch = PostgresWatch.over(embedded);
            console.done("PostgreSQL " + embedded.version() + " ready on port " + embedded.port(), since);
        } catch (IOException | SQLException e) {
            throw new Refusal(
                    Refusal.Kind.DATABASE_UNAVAILABLE, "embedded PostgreSQL does not start: " + e.getMessage(), e);
        }
    }

    private static void checkReachable(DatabaseAccess external) {
        for (DatabaseAccess.Login login :
                new DatabaseAccess.Login[] {external.owner(), external.application(), external.batch()}) {
            try (Connection connection = DriverManager.getConnection(external.url(), login.user(), login.password())) {
                connection.isValid(5);
            } catch (SQLException e) {
                throw new Refusal(
                        Refusal.Kind.DATABASE_UNAVAILABLE,
                        "PostgreSQL at " + Settings.withoutQuery(external.url()) + " does not let " + login.user()
                                + " in: " + e.getMessage()
                                + "\nRoles and schemas are made by server-config/postgresql/roles.sql.",
                        e);
            }
        }
    }

    private void refuseUsedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.httpAddress()), settings.httpPort()));
        } catch (IOException e) {
            throw new Refusal(
                    Refusal.Kind.PORT_IN_USE,
                    "cannot listen on " + settings.httpAddress() + ":" + settings.httpPort() + " (" + e.getMessage()
                            + "); choose another port with AUSPEX_HTTP_PORT",
                    e);
        }
    }

    private static void join(CompletableFuture<Void> database) {
        try {
            database.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw new Refusal(Refusal.Kind.INTERNAL, "PostgreSQL does not start: " + e.getCause(), e);
        }
    }
}
