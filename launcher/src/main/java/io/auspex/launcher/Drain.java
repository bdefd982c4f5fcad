package io.auspex.launcher;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The quiet end: readiness turns false, load balancers get time to see it, requests in flight finish, runs of jobs stop
 * at their checkpoints.
 *
 * <p>Launcher and application share no class: the system property {@code auspex.draining} makes readiness false and jobs
 * stop, the MBeans {@code io.auspex:type=Requests} and {@code io.auspex:type=Jobs} tell how many are being worked on.
 */
final class Drain {
    private static final String PROPERTY = "auspex.draining";
    private static final List<String> WORK = List.of("io.auspex:type=Requests", "io.auspex:type=Jobs");

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
            while (WORK.stream().anyMatch(Drain::isInFlight) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isInFlight(String work) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return ((Number) beans.getAttribute(new ObjectName(work), "InFlight")).intValue() > 0;
        } catch (InstanceNotFoundException e) {
            return false; // the application never came up
        } catch (JMException e) {
            throw new Refusal(
                    Refusal.Kind.INTERNAL, "the application does not tell what is in flight: " + e.getMessage(), e);
        }
    }
}
