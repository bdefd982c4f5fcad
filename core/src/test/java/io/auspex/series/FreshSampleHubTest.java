package io.auspex.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FreshSampleHubTest {
    private static final TenantId ACME = new TenantId(1);

    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final FreshSampleHub hub = new FreshSampleHub(
            task -> {
                Thread thread = new Thread(task);
                threads.add(thread);
                return thread;
            },
            (name, failure) -> failures.add(name + ": " + failure.getMessage()));

    @AfterEach
    void close() throws InterruptedException {
        hub.close();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void publish_reachesEverySubscriberInOrder() throws InterruptedException {
        LinkedBlockingQueue<Long> first = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Long> second = new LinkedBlockingQueue<>();
        hub.subscribe("first", 100, batch -> first.add(batch.timestamp(0)));
        hub.subscribe("second", 100, batch -> second.add(batch.timestamp(0)));

        hub.publish(batchAt(1, 3));
        hub.publish(batchAt(2, 3));

        assertThat(first.take()).isEqualTo(1);
        assertThat(first.take()).isEqualTo(2);
        assertThat(second.take()).isEqualTo(1);
        assertThat(second.take()).isEqualTo(2);
    }

    @Test
    void publish_dropsAndCounts_whenTheListenerIsBehind() throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FreshSamples.Subscription slow = hub.subscribe("slow", 10, batch -> {
            arrived.countDown();
            awaitQuietly(release);
        });
        hub.publish(batchAt(1, 6));
        arrived.await();

        hub.publish(batchAt(2, 4));
        hub.publish(batchAt(3, 1));

        assertThat(slow.dropped()).isEqualTo(1);
        assertThat(slow.pending()).isEqualTo(10);
        assertThat(hub.dropped()).containsEntry("slow", 1L);
        release.countDown();
    }

    @Test
    void publish_passesABatchLargerThanTheQueue_whenNothingElseWaits() throws InterruptedException {
        LinkedBlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        hub.subscribe("small", 2, batch -> sizes.add(batch.size()));

        hub.publish(batchAt(1, 50));

        assertThat(sizes.take()).isEqualTo(50);
    }

    @Test
    void deliver_goesOn_whenAListenerThrows() throws InterruptedException {
        LinkedBlockingQueue<Long> seen = new LinkedBlockingQueue<>();
        hub.subscribe("failing", 100, batch -> {
            seen.add(batch.timestamp(0));
            throw new IllegalStateException("planted");
        });

        hub.publish(batchAt(1, 1));
        hub.publish(batchAt(2, 1));

        assertThat(seen.take()).isEqualTo(1);
        assertThat(seen.take()).isEqualTo(2);
        assertThat(failures).first().isEqualTo("failing: planted");
    }

    private static FreshBatch batchAt(long time, int size) {
        long[] times = new long[size];
        java.util.Arrays.fill(times, time);
        return new FreshBatch(ACME, new int[size], times, new double[size], ref -> Labels.EMPTY);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
