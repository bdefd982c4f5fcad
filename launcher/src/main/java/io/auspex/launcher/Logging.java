package io.auspex.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sends every log record and whatever libraries print to the one log file. */
final class Logging {
    private static final String CONFIGURATION = "java.util.logging.config.file";

    private Logging() {}

    /** @param level of everything that has no level of its own in the template */
    static void toFile(Path file, Path configuration, String level) throws IOException {
        try (InputStream template = Logging.class.getResourceAsStream("/logging.properties")) {
            if (template == null) {
                throw new IOException("logging.properties is missing in the launcher");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    configuration, text.replace("@file@", file.toString()).replace("@level@", level));
        }
        System.setProperty(CONFIGURATION, configuration.toString()); // the container reads it once more
        try (InputStream in = Files.newInputStream(configuration)) {
            LogManager.getLogManager().readConfiguration(in);
        }
        System.setOut(printingTo(Logger.getLogger("stdout"), Level.INFO));
        System.setErr(printingTo(Logger.getLogger("stderr"), Level.WARNING));
    }

    private static PrintStream printingTo(Logger logger, Level level) {
        return new PrintStream(new LineStream(logger, level), true, StandardCharsets.UTF_8);
    }

    /** Collects bytes to lines. */
    private static final class LineStream extends OutputStream {
        private static final int MOST = 8_192;

        private final Logger logger;
        private final Level level;
        private final byte[] line = new byte[MOST];
        private int length;

        LineStream(Logger logger, Level level) {
            this.logger = logger;
            this.level = level;
        }

        @Override
        public synchronized void write(int b) {
            if (b == '\n' || length == MOST) {
                String text = new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
                length = 0;
                if (!text.isEmpty()) {
                    logger.log(level, "{0}", text);
                }
            }
            if (b != '\n') {
                line[length++] = (byte) b;
            }
        }
    }
}
