package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The database of the in-container tests: up before the container is configured, since its address is part of that
 * configuration, and gone after the last test.
 */
public final class ContainerTestPostgres implements LauncherSessionListener {
    private EmbeddedPostgres postgres;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!Boolean.getBoolean("auspex.incontainer")) {
            return;
        }
        try {
            DataDirectory data = DataDirectory.open(Path.of(System.getProperty("auspex.incontainer.data")));
            Path programs = Path.of(System.getProperty("auspex.bundle")).resolve("postgres");
            postgres = EmbeddedPostgres.in(data, programs, OptionalInt.empty());
            postgres.start();
            StringBuilder options = new StringBuilder("-Xmx512m -Dauspex.data=").append(data.root());
            postgres.access()
                    .asSettings()
                    .forEach((name, value) ->
                            options.append(" -D").append(name).append('=').append(value));
            System.setProperty("auspex.incontainer.options", options.toString());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database of the in-container tests did not start", e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (postgres != null) {
            postgres.stop();
        }
    }
}
