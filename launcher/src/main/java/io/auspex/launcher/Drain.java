package io.auspex.launcher;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The quiet end: readiness turns false, load balancers get time to see it, requests in flight finish.
 *
 * <p>Launcher and application share no class: the system property {@code auspex.draining} makes readiness false, the
 * MBean {@code io.auspex:type=Requests} tells how many requests are being worked on.
 */
final class Drain {
    private static final String PROPERTY = "auspex.draining";
    private static final String REQUESTS = "io.auspex:type=Requests";

    private final Duration notice;
    private final Duration limit;

    /**
     * @param notice how long requests are still taken after readiness turned false
     * @param limit how long requests in flight may take from then on
     */
    Drain(Duration notice, Duration limit) {
        this.notice = notice;
        this.limit = limit;
    }

    void run() {
        System.setProperty(PROPERTY, "true");
        try {
            TimeUnit.NANOSECONDS.sleep(notice.toNanos());
            long deadline = System.nanoTime() + limit.toNanos();
            while (requestsInFlight() > 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int requestsInFlight() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return ((Number) beans.getAttribute(new ObjectName(REQUESTS), "InFlight")).intValue();
        } catch (InstanceNotFoundException e) {
            return 0; // the application never came up
        } catch (JMException e) {
            throw new Refusal(
                    Refusal.Kind.INTERNAL, "the application does not tell its requests: " + e.getMessage(), e);
        }
    }
}
