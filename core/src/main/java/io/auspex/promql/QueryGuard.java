package io.auspex.promql;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Says whether a running query may go on. The evaluator asks it once per column, so an answer must be cheap.
 *
 * <p>An implementation is asked by the evaluating thread and may be told by any other.
 */
@FunctionalInterface
public interface QueryGuard {
    /** The answer. */
    enum Verdict {
        GO_ON,
        TIMED_OUT,
        CANCELED
    }

    Verdict verdict();

    /**
     * Does nothing as long as the query may go on.
     *
     * @throws QueryException when it may not
     */
    default void require() {
        switch (verdict()) {
            case GO_ON -> {}
            case TIMED_OUT -> throw QueryException.timedOut();
            case CANCELED -> throw QueryException.canceled();
        }
    }

    /** Never stops a query. */
    QueryGuard NONE = () -> Verdict.GO_ON;

    /** Stops a query at a time of a monotonic clock, or when somebody cancels it. */
    final class Deadline implements QueryGuard {
        private final LongSupplier nanoClock;
        private final long deadlineNanos;
        private final AtomicBoolean canceled = new AtomicBoolean();

        public Deadline(LongSupplier nanoClock, long timeoutNanos) {
            this.nanoClock = nanoClock;
            this.deadlineNanos = nanoClock.getAsLong() + timeoutNanos;
        }

        public void cancel() {
            canceled.set(true);
        }

        @Override
        public Verdict verdict() {
            if (canceled.get()) {
                return Verdict.CANCELED;
            }
            return nanoClock.getAsLong() - deadlineNanos > 0 ? Verdict.TIMED_OUT : Verdict.GO_ON;
        }
    }
}
