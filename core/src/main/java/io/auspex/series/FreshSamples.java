package io.auspex.series;

/**
 * The stream of samples that have just become durable and visible to queries, of all tenants.
 *
 * <p>Best effort by design: a listener that falls behind loses batches (counted) and never slows ingest down.
 * What must be complete reads the {@link SampleStore} instead. Two requests that carry the same series at the same
 * time may arrive in either order; samples that are replayed after a restart do not arrive at all.
 */
public interface FreshSamples {
    /** Receives batches one after the other on a thread of its own; may block, must not throw. */
    @FunctionalInterface
    interface Listener {
        void accept(FreshBatch batch);
    }

    /** A running subscription and its account: {@code offered = delivered + dropped + pending}. */
    interface Subscription extends AutoCloseable {
        /** Samples handed to the listener. */
        long delivered();

        /** Samples lost because the listener had too many pending. */
        long dropped();

        /** Samples that wait for the listener. */
        long pending();

        /** Ends the subscription; what is pending is dropped. */
        @Override
        void close();
    }

    /**
     * @param name short and unique, for the thread and for metrics, such as {@code anomaly}
     * @param maxPendingSamples how many samples may wait before batches are dropped
     */
    Subscription subscribe(String name, int maxPendingSamples, Listener listener);
}
