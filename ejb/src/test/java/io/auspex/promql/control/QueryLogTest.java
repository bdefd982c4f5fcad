package io.auspex.promql.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.Meters;
import io.auspex.promql.control.QueryLog.Execution;
import io.auspex.promql.control.QueryLog.Summary;
import io.auspex.support.TestTenants;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class QueryLogTest {
    private final TestTenants tenants = new TestTenants();
    private final QueryLog log = new QueryLog();

    QueryLogTest() {
        log.jdbc = tenants.jdbc;
        log.clock = Clock.systemUTC();
        log.meters = new Meters();
    }

    @Test
    void executions_areSummedUp_overWritesToo_forTheirTenant() {
        log.add(tenants.acme, new Execution("up\0", true, 0.5, 10, 3, 58, false));
        log.add(tenants.acme, new Execution("up\0", true, 1, 20, 2, 52, false));
        log.add(tenants.acme, new Execution("sum(x)", false, 1, 5, 1, 21, false));
        log.add(tenants.globex, new Execution("theirs", false, 1, 5000, 1, 5016, true));
        log.flush();
        log.add(tenants.acme, new Execution("up\0", true, 2, 30, 1, 46, true));
        log.flush();

        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 10))
                .containsExactly(
                        new Summary("up\ufffd", true, 3, 3.5, 60, 3), new Summary("sum(x)", false, 1, 1, 5, 1));
        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 1))
                .hasSize(1);
        assertThat(log.find(tenants.acme, "sum(x)", false, Instant.now().minusSeconds(7200)))
                .hasValueSatisfying(found -> assertThat(found.executions()).isEqualTo(1));
        assertThat(log.find(tenants.acme, "theirs", false, Instant.now().minusSeconds(7200)))
                .isEmpty();
        assertThat(log.dearest(tenants.globex, Instant.now().minusSeconds(7200), 10))
                .extracting(Summary::query)
                .containsExactly("theirs");
    }
}
