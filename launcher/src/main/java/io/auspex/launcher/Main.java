package io.auspex.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import sun.misc.Signal;

/** The entry of the bundle: {@code auspex [run]}, {@code auspex restore}, {@code auspex postgres stop|start|settings}, {@code auspex version}. */
public final class Main {
    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;

    private Main() {}

    public static void main(String[] arguments) {
        Console console = new Console(OUT, ERR);
        try {
            if (arguments.length > 1 && arguments[0].equals("restore") && arguments.length <= 3) {
                restore(console, arguments);
                return;
            }
            switch (String.join(" ", arguments)) {
                case "", "run" -> run(console);
                case "version", "--version" -> console.say(Version.current());
                case "postgres stop" -> postgres().holdStopped();
                case "postgres start" -> postgres().release();
                case "postgres settings" -> printSettings(console, postgres().access());
                default ->
                    throw new Refusal(
                            Refusal.Kind.USAGE,
                            "usage: auspex [run | restore FILE [TENANT] | postgres stop | postgres start | postgres settings"
                                    + " | version]");
            }
        } catch (Refusal e) {
            console.complain("auspex: " + e.getMessage());
            Logger.getLogger("io.auspex.launcher").log(Level.FINE, "refused", e);
            System.exit(e.kind.status);
        } catch (Exception e) {
            console.complain("auspex: unexpected failure: " + e);
            Logger.getLogger("io.auspex.launcher").log(Level.SEVERE, "unexpected failure", e);
            System.exit(Refusal.Kind.INTERNAL.status);
        }
    }

    private static void run(Console console) throws Exception {
        Settings settings = Settings.from(Settings.processEnvironment());
        Server server = new Server(Bundle.ofThisLauncher(), settings, console);
        CountDownLatch stopAsked = new CountDownLatch(1);
        Thread stopper = new Thread(() -> stopWhenAsked(stopAsked, server, console), "auspex-stop");
        stopper.setDaemon(true);
        stopper.start();
        // the container has a shutdown hook that tears everything down at once; a handler of our own comes before
        for (String signal : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(signal), received -> {
                if (stopAsked.getCount() == 0) { // asked again: at once, and PostgreSQL is taken over next time
                    Runtime.getRuntime().halt(Refusal.Kind.INTERRUPTED.status);
                }
                server.askToStop();
                stopAsked.countDown();
            });
        }
        try {
            server.start();
        } catch (Exception e) {
            tellOfLog(console, settings);
            server.stop();
            throw e;
        }
    }

    /** Holds the data directory meanwhile, so that no server starts on it. */
    private static void restore(Console console, String[] arguments) throws IOException, SQLException {
        Settings settings = Settings.from(Settings.processEnvironment());
        DataDirectory data = DataDirectory.open(settings.data());
        Optional<String> tenant = arguments.length > 2 ? Optional.of(arguments[2]) : Optional.empty();
        Path file = Path.of(arguments[1]);
        if (settings.database().isPresent()) {
            console.say(new Restore(settings.database().get()).run(file, tenant));
            return;
        }
        EmbeddedPostgres postgres =
                EmbeddedPostgres.in(data, Bundle.ofThisLauncher().postgresJars(), settings.postgresPort());
        postgres.start();
        try {
            console.say(new Restore(postgres.access()).run(file, tenant));
        } finally {
            postgres.stop();
        }
    }

    /** For a shell: what makes another server, or a person's tool, use the embedded PostgreSQL. */
    private static void printSettings(Console console, DatabaseAccess access) {
        access.asSettings().forEach((name, value) -> {
            String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
            console.say("export " + variable + "='" + value.replace("'", "'\\''") + "'");
        });
    }

    private static EmbeddedPostgres postgres() throws IOException {
        Settings settings = Settings.from(Settings.processEnvironment());
        if (settings.database().isPresent()) {
            throw new Refusal(Refusal.Kind.USAGE, "AUSPEX_DB_URL is set, so there is no embedded PostgreSQL");
        }
        return EmbeddedPostgres.in(
                DataDirectory.at(settings.data()), Bundle.ofThisLauncher().postgresJars(), settings.postgresPort());
    }

    private static void stopWhenAsked(CountDownLatch asked, Server server, Console console) {
        try {
            asked.await();
            server.stop();
            System.exit(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // whatever it is, who asked to stop must not wait for ever
            console.complain("auspex: did not stop in order: " + e);
            Runtime.getRuntime().halt(Refusal.Kind.INTERNAL.status);
        }
    }

    private static void tellOfLog(Console console, Settings settings) {
        Path log = settings.data().resolve("logs").resolve("auspex.log");
        if (Files.exists(log)) {
            console.complain("The start failed; the whole story is in " + log);
        }
    }
}
