package io.auspex.series;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hands each published batch to every subscriber over a bounded queue of its own.
 *
 * <p>Thread-safe. Publishing costs one short lock per subscriber and never waits for a listener.
 */
public final class FreshSampleHub implements FreshSamples, AutoCloseable {
    private final ThreadFactory threads;
    private final BiConsumer<String, RuntimeException> onFailure;
    private final List<Queue> queues = new CopyOnWriteArrayList<>();

    /**
     * @param threads makes the thread of each subscriber
     * @param onFailure told the subscriber's name and what its listener threw; the subscription goes on
     */
    public FreshSampleHub(ThreadFactory threads, BiConsumer<String, RuntimeException> onFailure) {
        this.threads = threads;
        this.onFailure = onFailure;
    }

    @Override
    public Subscription subscribe(String name, int maxPendingSamples, Listener listener) {
        if (maxPendingSamples < 1) {
            throw new IllegalArgumentException("maxPendingSamples must be positive, got " + maxPendingSamples);
        }
        Queue queue = new Queue(name, maxPendingSamples, listener);
        queues.add(queue);
        threads.newThread(queue::deliver).start();
        return queue;
    }

    public boolean hasSubscribers() {
        return !queues.isEmpty();
    }

    public void publish(FreshBatch batch) {
        for (Queue queue : queues) {
            queue.offer(batch);
        }
    }

    /** Samples dropped so far, by subscriber. */
    public Map<String, Long> dropped() {
        return queues.stream().collect(Collectors.toMap(queue -> queue.name, Queue::dropped, Long::sum));
    }

    @Override
    public void close() {
        queues.forEach(Queue::close);
    }

    private final class Queue implements Subscription {
        private final String name;
        private final int limit;
        private final Listener listener;
        private final ArrayDeque<FreshBatch> batches = new ArrayDeque<>();
        private long pending;
        private long delivered;
        private long dropped;
        private boolean closed;

        Queue(String name, int limit, Listener listener) {
            this.name = name;
            this.limit = limit;
            this.listener = listener;
        }

        synchronized void offer(FreshBatch batch) {
            // a batch larger than the whole queue still passes when nothing else waits
            if (closed || (pending > 0 && pending + batch.size() > limit)) {
                dropped += batch.size();
                return;
            }
            pending += batch.size();
            batches.add(batch);
            notifyAll();
        }

        void deliver() {
            for (FreshBatch batch = take(); batch != null; batch = take()) {
                try {
                    listener.accept(batch);
                } catch (RuntimeException e) {
                    onFailure.accept(name, e);
                }
                synchronized (this) {
                    pending -= batch.size();
                    delivered += batch.size();
                }
            }
        }

        private synchronized @Nullable FreshBatch take() {
            while (batches.isEmpty() && !closed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    close();
                }
            }
            return closed ? null : batches.poll();
        }

        @Override
        public synchronized long delivered() {
            return delivered;
        }

        @Override
        public synchronized long dropped() {
            return dropped;
        }

        @Override
        public synchronized long pending() {
            return pending;
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            queues.remove(this);
            for (FreshBatch batch : batches) {
                pending -= batch.size();
                dropped += batch.size();
            }
            batches.clear();
            notifyAll();
        }
    }
}
