package io.auspex.launcher;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the embedded PostgreSQL again when its postmaster has died, unless an operator stopped it on purpose. */
final class PostgresWatch {
    private static final Logger LOG = Logger.getLogger(PostgresWatch.class.getName());
    private static final int EVERY_SECONDS = 2;

    private final EmbeddedPostgres postgres;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "auspex-postgres-watch");
        thread.setDaemon(true);
        return thread;
    });

    private PostgresWatch(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static PostgresWatch over(EmbeddedPostgres postgres) {
        PostgresWatch watch = new PostgresWatch(postgres);
        watch.clock
                .scheduleWithFixedDelay(watch::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS)
                .isDone();
        return watch;
    }

    private void look() {
        if (postgres.isHeldStopped() || postgres.postmaster().isPresent()) {
            return;
        }
        LOG.warning("embedded PostgreSQL is gone and is started again");
        try {
            postgres.start();
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.log(Level.SEVERE, "embedded PostgreSQL could not be started again, the next try follows", e);
        }
    }

    void end() {
        clock.shutdownNow();
        try {
            clock.awaitTermination(EVERY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
