package io.auspex.anomaly.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;

/** Lets detection listen while the application runs. */
@Startup
@Singleton
@DependsOn("Migrator")
@TransactionManagement(TransactionManagementType.BEAN)
@DenyAll
public class LiveDetectionStartup {
    @Inject
    LiveDetection detection;

    @PostConstruct
    void start() {
        detection.start();
    }

    @PreDestroy
    void stop() {
        detection.stop();
    }
}
