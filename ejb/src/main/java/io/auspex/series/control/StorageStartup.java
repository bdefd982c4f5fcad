package io.auspex.series.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;

/**
 * Recovers the store before the application takes requests and stops it in order. Beans that write or read samples
 * at start-up say {@code @DependsOn("StorageStartup")}.
 */
@Startup
@Singleton
@DependsOn("Migrator")
@TransactionManagement(TransactionManagementType.BEAN)
@DenyAll
public class StorageStartup {
    @Inject
    StorageBeans storage;

    @Inject
    DeletionRequests deletions;

    @PostConstruct
    void start() {
        storage.engine().start();
        deletions.load();
    }

    @PreDestroy
    void stop() {
        storage.engine().close();
    }
}
