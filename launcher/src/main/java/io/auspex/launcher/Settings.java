package io.auspex.launcher;

import io.auspex.launcher.DatabaseAccess.Login;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the operator chose, read once at start. Each setting is an environment variable ({@code AUSPEX_HTTP_PORT})
 * or a system property ({@code auspex.http.port}); the environment wins.
 *
 * @param database an external PostgreSQL; when absent the embedded one is used
 * @param connections the most connections of each of the application's two pools
 * @param postgresPort the embedded PostgreSQL's port; when absent one is chosen once and kept with the data
 * @param drainNotice how long requests are still taken after readiness turned false, for load balancers to see it
 * @param drain how long requests in flight may take to finish when the server is asked to stop
 * @param startLimit how long the application may take until it is ready
 */
record Settings(
        Path data,
        String httpAddress,
        int httpPort,
        Optional<DatabaseAccess> database,
        int connections,
        OptionalInt postgresPort,
        Duration drainNotice,
        Duration drain,
        Duration startLimit,
        String logLevel) {

    /** A source of raw settings by environment variable name; null when the variable is not set. */
    interface Source {
        @Nullable
        String get(String variable);
    }

    static Source processEnvironment() {
        return variable -> {
            String value = System.getenv(variable);
            return value != null ? value : System.getProperty(propertyName(variable));
        };
    }

    /** {@code AUSPEX_DB_URL} is the variable of {@code auspex.db.url}. */
    static String propertyName(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    static Settings from(Source source) {
        return new Settings(
                Path.of(text(source, "AUSPEX_DATA", "data")).toAbsolutePath().normalize(),
                text(source, "AUSPEX_HTTP_ADDRESS", "127.0.0.1"),
                port(source, "AUSPEX_HTTP_PORT").orElse(8080),
                externalDatabase(source),
                number("AUSPEX_DB_CONNECTIONS", text(source, "AUSPEX_DB_CONNECTIONS", "12"), 4, 1_000),
                port(source, "AUSPEX_PG_PORT"),
                seconds(source, "AUSPEX_DRAIN_NOTICE_SECONDS", 0),
                seconds(source, "AUSPEX_DRAIN_SECONDS", 30),
                seconds(source, "AUSPEX_START_SECONDS", 300),
                text(source, "AUSPEX_LOG_LEVEL", "INFO").toUpperCase(Locale.ROOT));
    }

    private static Optional<DatabaseAccess> externalDatabase(Source source) {
        String url = text(source, "AUSPEX_DB_URL", "");
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw refuse("AUSPEX_DB_URL must begin with jdbc:postgresql:, got \"" + withoutQuery(url) + "\"");
        }
        return Optional.of(new DatabaseAccess(
                url,
                login(source, "OWNER", "auspex_owner"),
                login(source, "APP", "auspex_app"),
                login(source, "BATCH", "auspex_batch")));
    }

    /** The query part of a JDBC url may carry a password. */
    static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static Login login(Source source, String role, String defaultUser) {
        String password = source.get("AUSPEX_DB_" + role + "_PASSWORD");
        if (password == null) {
            throw refuse("AUSPEX_DB_URL is set, so AUSPEX_DB_" + role + "_PASSWORD must be set too");
        }
        return new Login(text(source, "AUSPEX_DB_" + role + "_USER", defaultUser), password);
    }

    private static String text(Source source, String variable, String otherwise) {
        String value = source.get(variable);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private static OptionalInt port(Source source, String variable) {
        String value = text(source, variable, "");
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(number(variable, value, 1, 65_535));
    }

    private static Duration seconds(Source source, String variable, int otherwise) {
        return Duration.ofSeconds(number(variable, text(source, variable, Integer.toString(otherwise)), 0, 86_400));
    }

    private static int number(String variable, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below, with the same words
        }
        throw refuse(variable + " must be a whole number from " + least + " to " + most + ", got \"" + value + "\"");
    }

    private static Refusal refuse(String message) {
        return new Refusal(Refusal.Kind.CONFIGURATION, message);
    }
}
