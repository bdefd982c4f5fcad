package io.auspex.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until the application says over HTTP that it is ready. */
final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int OK = 200;

    private final URI probe;
    private final Duration limit;

    Readiness(Settings settings) {
        this.probe = URI.create(
                "http://" + reachableAddress(settings.httpAddress()) + ":" + settings.httpPort() + "/health/ready");
        this.limit = settings.startLimit();
    }

    /** An address this process can call itself at; the wildcard address is none. */
    static String reachableAddress(String bound) {
        return switch (bound) {
            case "0.0.0.0", "::", "*" -> "127.0.0.1";
            default -> bound.contains(":") ? "[" + bound + "]" : bound;
        };
    }

    void await() {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                int status = status();
                if (status == OK) {
                    return;
                }
                last = "status " + status;
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new Refusal(
                Refusal.Kind.INTERNAL,
                "the application was not ready after " + limit.toSeconds() + " s (AUSPEX_START_SECONDS): " + probe
                        + ": " + last);
    }

    private int status() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) probe.toURL().openConnection();
        int milliseconds = (int) TimeUnit.SECONDS.toMillis(10);
        connection.setConnectTimeout(milliseconds);
        connection.setReadTimeout(milliseconds);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
