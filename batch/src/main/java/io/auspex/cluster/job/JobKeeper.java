package io.auspex.cluster.job;

import io.auspex.platform.AuspexException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The pulse of jobs on a node: every few seconds keeps leases, gives up lost runs, looks for due nights and free room. */
@Startup
@Singleton
@DependsOn({"Migrator", "StorageStartup"})
@DenyAll
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class JobKeeper {
    private static final System.Logger LOG = System.getLogger(JobKeeper.class.getName());
    private static final Duration PULSE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Resource
    TimerService timers;

    @Inject
    JobNode node;

    @Inject
    NightlySlots nights;

    private final AtomicBoolean running = new AtomicBoolean();

    @PostConstruct
    void begin() {
        nights.check();
        timers.createIntervalTimer(PULSE.toMillis(), PULSE.toMillis(), new TimerConfig("jobs", false));
    }

    /** One pulse; one that still runs is not overtaken. */
    @Timeout
    void pulse() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            node.keep(); // first: a node that was slow keeps its own before it gives up others'
            node.giveUpLost();
            nights.queueWhatIsDue();
            node.takeUp();
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
            node.leave(PATIENCE);
        } catch (AuspexException e) { // their lease ends by itself
            LOG.log(System.Logger.Level.INFO, "runs were not given up at the end: {0}", e.detail());
        }
    }
}
