package io.auspex.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process will do in its own time. */
public final class Eventually {
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    private Eventually() {}

    /** Repeats the check until it passes; its last failure is the test's when the limit is over. */
    public static void within(Duration limit, Runnable check) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
