package io.auspex.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the operating system and keeps what they say for the error message. */
final class Commands {
    private Commands() {}

    /** @param output what the program wrote to both its streams */
    record Outcome(int status, String output) {}

    /** @param directory where the program runs and its output is kept */
    static Outcome run(List<String> command, Path directory, int secondsAllowed) {
        Path outputFile = directory.resolve("last-command.out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile()) // one that another user can enter too
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    // a file and not a pipe: a daemon started by the program inherits it, and a pipe would never end
                    .redirectOutput(outputFile.toFile())
                    .start();
            if (!process.waitFor(secondsAllowed, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new Refusal(
                        Refusal.Kind.OPERATING_SYSTEM,
                        command.get(0) + " did not end within " + secondsAllowed + " s; it said:\n" + tail(outputFile));
            }
            return new Outcome(process.exitValue(), tail(outputFile));
        } catch (IOException e) {
            throw new Refusal(Refusal.Kind.OPERATING_SYSTEM, "cannot run " + command.get(0) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Kind.INTERNAL, "interrupted while running " + command.get(0), e);
        }
    }

    /** Whether a directory of PATH has the program. */
    static boolean isInstalled(String program) {
        String path = System.getenv("PATH");
        for (String directory : List.of((path == null ? "/usr/bin:/bin" : path).split(":", -1))) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    private static String tail(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        int most = 4_000;
        return text.length() <= most ? text : text.substring(text.length() - most);
    }
}
