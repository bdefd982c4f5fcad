package io.auspex.cluster.job;

import io.auspex.platform.AuspexException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.MXBean;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** The pulse of jobs on a node: every few seconds keeps leases, gives up lost runs, looks for due nights and free room. */
@Singleton
@DenyAll
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class JobKeeper {
    private static final System.Logger LOG = System.getLogger(JobKeeper.class.getName());
    /** Set by the launcher when the node shall end. */
    private static final String DRAINING = "auspex.draining";

    /** The launcher waits until none is in flight. */
    private static final String NAME = "io.auspex:type=Jobs";

    @Inject
    JobNode node;

    @Inject
    NightlySlots nights;

    private final AtomicBoolean running = new AtomicBoolean();

    /** What management clients see. */
    @MXBean
    public interface View {
        int getInFlight();
    }

    @PostConstruct
    void begin() {
        View view = node::atWork;
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new StandardMBean(view, View.class, true), new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME, e);
        }
    }

    /** One pulse; one that still runs is not overtaken. */
    @Schedule(hour = "*", minute = "*", second = "*/3", persistent = false)
    void pulse() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            node.keep(); // first: a node that was slow keeps its own before it gives up others'
            node.giveUpLost();
            if (isDraining()) {
                node.stopAll();
            } else {
                node.takeUp();
                nights.queueWhatIsDue();
            }
        } catch (AuspexException e) {
            // the next pulse tries again; the database's own probe says when it is away
            LOG.log(System.Logger.Level.WARNING, "jobs could not be looked after: {0}", e.detail());
        } finally {
            running.set(false);
        }
    }

    @PreDestroy
    void end() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + NAME, e);
        }
    }

    static boolean isDraining() {
        return Boolean.getBoolean(DRAINING);
    }
}
