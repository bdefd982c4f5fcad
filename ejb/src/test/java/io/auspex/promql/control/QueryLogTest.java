package io.auspex.promql.control;

import static io.auspex.promql.control.QueryLog.End.CANCELLED;
import static io.auspex.promql.control.QueryLog.End.FAILED;
import static io.auspex.promql.control.QueryLog.End.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.GoQuote;
import io.auspex.platform.Meters;
import io.auspex.promql.control.QueryLog.Execution;
import io.auspex.promql.control.QueryLog.Summary;
import io.auspex.series.ErasedSeries;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
        log.add(tenants.acme, new Execution("up\0", true, 0.5, 10, 3, 58, SUCCEEDED));
        log.add(tenants.acme, new Execution("up\0", true, 1, 20, 2, 52, SUCCEEDED));
        log.add(tenants.acme, new Execution("sum(x)", false, 1, 5, 1, 21, SUCCEEDED));
        log.add(tenants.globex, new Execution("theirs", false, 1, 5000, 1, 5016, FAILED));
        log.flush();
        log.add(tenants.acme, new Execution("up\0", true, 2, 30, 1, 46, FAILED));
        log.flush();
        log.add(tenants.acme, new Execution("sum(x)", false, 3, 0, 0, 0, CANCELLED));

        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 10))
                .containsExactly(
                        new Summary("up\ufffd", true, 3, 1, 0, 3.5, 60, 3),
                        new Summary("sum(x)", false, 2, 0, 1, 4, 5, 1));
        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 1))
                .hasSize(1);
        assertThat(log.find(tenants.acme, "sum(x)", false, Instant.now().minusSeconds(7200)))
                .hasValueSatisfying(found -> assertThat(found.executions()).isEqualTo(2));
        assertThat(log.find(tenants.acme, "theirs", false, Instant.now().minusSeconds(7200)))
                .isEmpty();
        assertThat(log.dearest(tenants.globex, Instant.now().minusSeconds(7200), 10))
                .extracting(Summary::query)
                .containsExactly("theirs");

        log.add(tenants.acme, new Execution("up{user=\"bob\"}", false, 1, 0, 1, 1, SUCCEEDED));
        log.erase(new ErasedSeries(tenants.globex, List.of(), Set.of("bob", "sum(x)")));
        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 10))
                .hasSize(3);
        log.erase(new ErasedSeries(tenants.acme, List.of(), Set.of("bob", "")));
        assertThat(log.dearest(tenants.acme, Instant.now().minusSeconds(7200), 10))
                .hasSize(2);
    }

    @Test
    void erase_findsValuesInQuotes_andWhereTheTextWasCut_ofItsTenantOnly() {
        String value = "mal\"lory\\";
        String full = "m{user=" + GoQuote.string(value) + "}";
        String cut = "x".repeat(NamedValues.MAX_TEXT - 11) + full;
        String harmless = "y".repeat(NamedValues.MAX_TEXT - 5) + "{a=\"b\"}";
        for (TenantId tenant : List.of(tenants.acme, tenants.globex)) {
            for (String query : List.of(full, cut, harmless)) {
                log.add(tenant, new Execution(query, false, 1, 0, 1, 1, SUCCEEDED));
            }
        }
        log.flush();
        assertThat(queries(tenants.acme).stream().filter(query -> query.endsWith("m{user=\"mal")))
                .hasSize(1);

        log.erase(new ErasedSeries(tenants.acme, List.of(), Set.of(value)));

        assertThat(queries(tenants.acme)).singleElement().matches(query -> query.startsWith("yyy"));
        assertThat(queries(tenants.globex)).hasSize(3);
    }

    private List<String> queries(TenantId tenant) {
        return log.dearest(tenant, Instant.now().minusSeconds(7200), 10).stream()
                .map(Summary::query)
                .toList();
    }
}
