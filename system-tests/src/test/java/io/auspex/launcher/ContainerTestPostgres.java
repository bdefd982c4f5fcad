package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The database and the domain of the in-container tests: there before the container is configured, since both are
 * part of that configuration. The database is gone after the last test.
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
            Path bundle = Path.of(System.getProperty("auspex.bundle"));
            postgres = EmbeddedPostgres.in(data, bundle.resolve("postgres"), OptionalInt.empty());
            postgres.start();
            StringBuilder options = new StringBuilder("-Xmx512m -Dauspex.data=").append(data.root());
            for (String job :
                    List.of("model-training", "retention", "roll-up", "service-health-report", "counting-job")) {
                options.append(" -Dauspex.jobs.").append(job).append(".at=off"); // whatever the time of day
            }
            postgres.access()
                    .asSettings()
                    .forEach((name, value) ->
                            options.append(" -D").append(name).append('=').append(value));
            System.setProperty("auspex.incontainer.options", options.toString());
            System.setProperty(
                    "auspex.incontainer.domain",
                    asTheLauncherMakesIt(bundle, data).toString());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database of the in-container tests did not start", e);
        }
    }

    private static Path asTheLauncherMakesIt(Path bundle, DataDirectory data) throws IOException {
        String stock = Files.readString(bundle.resolve("container/config/domain.xml"));
        return Files.writeString(
                data.root().resolve("domain.xml"), DomainConfiguration.of(stock, Settings.from(variable -> null)));
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (postgres != null) {
            postgres.stop();
        }
    }
}
