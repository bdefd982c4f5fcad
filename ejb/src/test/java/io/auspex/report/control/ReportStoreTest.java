package io.auspex.report.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.cluster.control.RunAccess;
import io.auspex.platform.AuspexException;
import io.auspex.report.HealthRow;
import io.auspex.support.TestTenants;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportStoreTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final HealthRow LOAD = new HealthRow("a", "load", "processes", 1.5, Double.NaN, 3, 10);
    private static final HealthRow CPU = new HealthRow("a", "cpu", "ratio", 0.5, 0.6, 0.7, 10);

    private final TestTenants tenants = new TestTenants();
    private final RunAccess runs = new RunAccess(tenants.jdbc);
    private final ReportStore store = new ReportStore();
    private final long run;

    ReportStoreTest() {
        store.jdbc = tenants.jdbc;
        run = runs.queue(tenants.acme, "service-health-report", "service-health 2026-11-20");
    }

    @Test
    void rows_areKeyedByWhatTheyMeasure_theLastWordCounts() {
        store.add(tenants.acme, run, List.of(LOAD, CPU));
        store.add(tenants.acme, run, List.of(new HealthRow("a", "load", "processes", 2, 2, 2, 20)));

        assertThat(store.rows(tenants.acme, run))
                .containsExactly(CPU, new HealthRow("a", "load", "processes", 2, 2, 2, 20));
    }

    @Test
    void whatWasNotMeasured_staysUnmeasured() {
        store.add(tenants.acme, run, List.of(LOAD));

        assertThat(store.rows(tenants.acme, run)).containsExactly(LOAD);
    }

    @Test
    void rendered_isAbsentBefore_andTheLatestAfterwards() {
        assertThat(store.rendered(tenants.acme, run)).isEmpty();

        store.render(tenants.acme, run, DAY, new ReportStore.Rendered("a", "b", "c"));
        store.render(tenants.acme, run, DAY, new ReportStore.Rendered("d", "e", "f"));

        assertThat(store.rendered(tenants.acme, run)).contains(new ReportStore.Rendered("d", "e", "f"));
    }

    @Test
    void nothing_crossesTenants() {
        store.add(tenants.acme, run, List.of(LOAD));
        store.render(tenants.acme, run, DAY, new ReportStore.Rendered("a", "b", "c"));

        assertThat(store.rows(tenants.globex, run)).isEmpty();
        assertThat(store.rendered(tenants.globex, run)).isEmpty();
        assertThat(store.anomalies(tenants.globex, DAY)).isZero();
        assertThatThrownBy(() -> store.add(tenants.globex, run, List.of(LOAD)))
                .isInstanceOf(AuspexException.class); // it has no such run
    }
}
