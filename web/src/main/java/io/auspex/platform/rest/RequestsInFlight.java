package io.auspex.platform.rest;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.MXBean;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * The number of requests being worked on, as the MXBean {@code io.auspex:type=Requests}. Whoever stops the node waits
 * for it to become zero. A stream that a request left behind (server-sent events) does not count: it has no end.
 */
@WebListener
public class RequestsInFlight implements ServletContextListener {
    private static final String NAME = "io.auspex:type=Requests";
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** What management clients see. */
    @MXBean
    public interface View {
        int getInFlight();
    }

    static void begin() {
        COUNT.incrementAndGet();
    }

    static void end() {
        COUNT.decrementAndGet();
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        View view = COUNT::get;
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new StandardMBean(view, View.class, true), new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME, e);
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + NAME, e);
        }
    }
}
