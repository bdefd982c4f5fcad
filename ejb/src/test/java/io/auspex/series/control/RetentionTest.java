package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RetentionTest {
    /** The database's own clock decides what may be dropped, so this one has to agree with it. */
    private static final Instant NOW = Instant.now();

    private static final Labels API = Labels.of("__name__", "requests_total", "job", "api");

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");

    @Test
    void run_removesExactlyWhatIsDue_perTenant() {
        database.query(
                globex,
                "insert into auspex.retention_policy (tenant_id, tier, days) values (" + globex + ", 'raw', 30)");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (TenantId tenant : List.of(acme, globex)) {
                for (int days : new int[] {1, 20, 40}) {
                    engine.write(tenant, API, daysAgo(days), days);
                }
            }
            engine.flush();
            Retention retention = new Retention(database.jdbc, new PackStore(database.jdbc), 15);

            Retention.Outcome outcome = retention.run(List.of(acme, globex), NOW);

            assertThat(outcome).isEqualTo(new Retention.Outcome(1, 1));
            assertThat(times(engine, acme)).isEqualTo(Set.of(daysAgo(1)));
            assertThat(times(engine, globex)).isEqualTo(Set.of(daysAgo(1), daysAgo(20)));
            assertThat(retention.run(List.of(acme, globex), NOW)).isEqualTo(new Retention.Outcome(0, 0));
        }
    }

    private static long daysAgo(int days) {
        return NOW.minus(Duration.ofDays(days)).toEpochMilli();
    }

    private static Set<Long> times(TestEngine engine, TenantId tenant) {
        return engine.read(tenant, "requests_total").getOrDefault(API, Map.of()).keySet();
    }
}
