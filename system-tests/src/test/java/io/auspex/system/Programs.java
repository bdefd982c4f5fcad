package io.auspex.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other people's programs that the tests drive Auspex with, found on the PATH ({@code ./dev tools} fetches them). */
final class Programs implements AutoCloseable {
    private final Path directory;
    private final List<Process> running = new ArrayList<>();

    /** @param name a directory of this name below target holds their files */
    Programs(String name) {
        directory = Path.of("target", "programs", name).toAbsolutePath();
        Directories.delete(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Starts a program that runs until {@link #close}; its output goes to a file of its name. */
    void start(String program, String... arguments) {
        try {
            running.add(builder(program, arguments)
                    .redirectOutput(directory
                            .resolve(Path.of(program).getFileName() + "-" + running.size() + ".log")
                            .toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(program + " cannot be started; run ./dev tools", e);
        }
    }

    /** Runs a program to its end. */
    Result run(String input, String program, String... arguments) {
        try {
            Path output = directory.resolve(program + ".out");
            Process process =
                    builder(program, arguments).redirectOutput(output.toFile()).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(program + " did not end within a minute");
            }
            return new Result(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(program + " cannot be run; run ./dev tools", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.forEach(Process::destroy);
        for (Process process : running) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ProcessBuilder builder(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    }

    record Result(int status, String output) {}
}
