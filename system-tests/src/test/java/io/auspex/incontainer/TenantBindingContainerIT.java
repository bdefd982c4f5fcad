package io.auspex.incontainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Row level security as the container's transactions, pools and JPA provider really behave. */
@ArquillianTest
class TenantBindingContainerIT {
    private static final int INTERLEAVED = 5_000;

    @EJB
    TenantRows rows;

    @Inject
    TestedTenant tenant;

    @Inject
    TenantJdbc jdbc;

    @Resource
    ManagedExecutorService executor;

    @Inject
    UserTransaction transaction;

    private TenantId acme;
    private TenantId globex;

    @Deployment
    static WebArchive theBundleWithThisTest() {
        return ContainerTestBundle.withClasses(
                TenantBindingContainerIT.class, TenantRows.class, TestedTenant.class, TestTenant.class);
    }

    @BeforeEach
    void twoTenants() {
        acme = TestTenant.named(jdbc, "acme");
        globex = TestTenant.named(jdbc, "globex");
    }

    @Test
    void jpa_seesOnlyTheCallersRows() {
        tenant.is(acme);
        assertThat(rows.visibleTenants()).isEqualTo(List.of(acme.value()));

        tenant.is(globex);
        assertThat(rows.visibleTenants()).isEqualTo(List.of(globex.value()));
    }

    @Test
    void jpa_changesOnlyTheCallersRows_whenTheStatementNamesNone() {
        tenant.is(acme);

        assertThat(rows.renameEverybody("Acme & Co")).isEqualTo(1);
    }

    @Test
    void jpa_seesNothing_whenNoTenantIsBound() {
        tenant.is(acme);
        rows.visibleTenants();

        assertThat(rows.visibleWithoutTenant()).isEmpty();
    }

    @Test
    void aTransaction_cannotChangeItsTenant() throws Exception {
        transaction.begin();
        try {
            tenant.is(acme);
            rows.visibleTenants();
            tenant.is(globex);

            assertThatThrownBy(() -> rows.visibleTenants()).hasRootCauseInstanceOf(IllegalStateException.class);
        } finally {
            transaction.rollback();
        }
    }

    @Test
    void jdbc_refusesRowsOfAnotherTenant() {
        assertThatThrownBy(() -> jdbc.run(acme, connection -> {
                    try (PreparedStatement insert = connection.prepareStatement(
                            "insert into auspex.metric_metadata (tenant_id, metric, type) values (?, 'm', 'gauge')")) {
                        insert.setInt(1, globex.value());
                        insert.executeUpdate();
                    }
                }))
                .isInstanceOf(AuspexException.class)
                .rootCause()
                .hasMessageContaining("row-level security");
    }

    @Test
    void pooledConnections_carryNoTenantOver_inInterleavedTransactions() throws Exception {
        List<Future<Integer>> running = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            int first = worker;
            running.add(executor.submit(() -> leaks(first)));
        }

        int leaks = 0;
        for (Future<Integer> worker : running) {
            leaks += worker.get();
        }
        assertThat(leaks).isZero();
    }

    private int leaks(int first) {
        int leaks = 0;
        for (int i = 0; i < INTERLEAVED / 4; i++) {
            TenantId caller = (i + first) % 2 == 0 ? acme : globex;
            List<Integer> bound = jdbc.call(caller, TenantBindingContainerIT::visible);
            List<Integer> unbound = jdbc.callUnbound(TenantBindingContainerIT::visible);
            tenant.is(caller);
            boolean clean = bound.equals(List.of(caller.value()))
                    && unbound.isEmpty()
                    && rows.setting().equals(caller.toString());
            leaks += clean ? 0 : 1;
        }
        return leaks;
    }

    private static List<Integer> visible(java.sql.Connection connection) throws java.sql.SQLException {
        List<Integer> tenants = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select tenant_id from auspex.tenant")) {
            while (row.next()) {
                tenants.add(row.getInt(1));
            }
        }
        return tenants;
    }
}
