package io.auspex.launcher;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the person at the terminal sees: one line per step, in words, with the time it took. */
final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final long begun = System.nanoTime();

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    synchronized void complain(String text) {
        err.println(text);
        err.flush();
    }

    /** A step that is done, with the seconds since {@code since}, a {@link System#nanoTime()}. */
    void done(String step, long since) {
        say(String.format(Locale.ROOT, "  %-58s %6.1f s", step, seconds(System.nanoTime() - since)));
    }

    double secondsSinceBegin() {
        return seconds(System.nanoTime() - begun);
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
