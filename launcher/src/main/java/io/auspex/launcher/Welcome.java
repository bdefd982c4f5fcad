package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/** The last lines of a start: where to go, and on the first start with which credentials. */
final class Welcome {
    private final Settings settings;
    private final DataDirectory data;
    private final Console console;

    Welcome(Settings settings, DataDirectory data, Console console) {
        this.settings = settings;
        this.data = data;
        this.console = console;
    }

    /** @param begun when this start began; credentials written since then are new and are shown, once */
    void print(Instant begun) throws IOException {
        String base = "http://" + Readiness.reachableAddress(settings.httpAddress()) + ":" + settings.httpPort();
        console.say(String.format(Locale.ROOT, "Ready after %.1f s.", console.secondsSinceBegin()));
        console.say("");
        console.say("  Portal         " + base + "/");
        console.say("  API and docs   " + base + "/docs");
        console.say("  Remote write   " + base + "/api/v1/write");
        console.say("  Log            " + data.logs().resolve("auspex.log"));
        Path credentials = data.firstCredentials();
        if (Files.exists(credentials)
                && !Files.getLastModifiedTime(credentials).toInstant().isBefore(begun)) {
            console.say("");
            console.say("First credentials, shown only now (also in " + credentials + "):");
            for (String line : Files.readAllLines(credentials)) {
                console.say("  " + line);
            }
        }
        console.say("");
        console.say("Ctrl-C stops the server.");
    }
}
