package io.auspex.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/**
 * The log file: {@code auspex.log} is always the newest; a full one becomes {@code auspex.log.1}, the oldest goes.
 *
 * <p>Made by the log manager from the properties {@code io.auspex.launcher.LogFile.path}, {@code .bytes} and
 * {@code .files}. Each record is written through at once, so that a killed server has lost none.
 */
public final class LogFile extends Handler {
    private final Path path;
    private final long mostBytes;
    private final int keptFiles;
    private OutputStream out;
    private long bytes;

    /** Called by the log manager. */
    public LogFile() throws IOException {
        this(
                Path.of(LogManager.getLogManager().getProperty(LogFile.class.getName() + ".path")),
                Long.parseLong(LogManager.getLogManager().getProperty(LogFile.class.getName() + ".bytes")),
                Integer.parseInt(LogManager.getLogManager().getProperty(LogFile.class.getName() + ".files")));
    }

    LogFile(Path path, long mostBytes, int keptFiles) throws IOException {
        this.path = path;
        this.mostBytes = mostBytes;
        this.keptFiles = keptFiles;
        setLevel(Level.ALL);
        setFormatter(new JsonLineFormatter());
        this.out = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.bytes = Files.size(path);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        try {
            byte[] line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
            if (bytes > 0 && bytes + line.length > mostBytes) {
                rotate();
            }
            out.write(line);
            bytes += line.length;
        } catch (IOException | RuntimeException e) {
            reportError("cannot write " + path, e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = keptFiles - 1; i >= 1; i--) {
            Path from = i == 1 ? path : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = Files.newOutputStream(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        bytes = 0;
    }

    private Path numbered(int i) {
        return path.resolveSibling(path.getFileName() + "." + i);
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            reportError("cannot close " + path, e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
