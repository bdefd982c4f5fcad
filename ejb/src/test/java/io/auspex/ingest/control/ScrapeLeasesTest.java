package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.ScrapeReport;
import io.auspex.series.Labels;
import io.auspex.support.TestTenants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each tenant's targets are one node's, and what it says of them is the tenant's alone. */
final class ScrapeLeasesTest {
    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();
    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestTenants tenants = new TestTenants();
    private final ScrapeLeases leases = new ScrapeLeases();

    ScrapeLeasesTest() {
        leases.jdbc = tenants.jdbc;
    }

    @Test
    void aTenant_isScrapedByOneNode_untilItsLeaseIsOver() {
        IngestConfigStore configs = new IngestConfigStore();
        configs.jdbc = tenants.jdbc;
        configs.settings = new IngestSettings();
        configs.settings.otlpPromote = Optional.empty();
        configs.settings.influxPromote = Optional.empty();
        configs.save(tenants.acme, new IngestConfig(0, 0, 0, Set.of(), Set.of(), "", "[{job_name: a}]", 0));

        assertThat(leases.claim(FIRST, LONG)).containsOnlyKeys(tenants.acme).doesNotContainKey(tenants.globex);
        assertThat(leases.claim(SECOND, LONG)).doesNotContainKey(tenants.acme);
        assertThat(leases.claim(FIRST, Duration.ZERO)).containsKey(tenants.acme);
        assertThat(leases.claim(SECOND, LONG)).as("the first one's was over").containsKey(tenants.acme);
        assertThat(leases.claim(FIRST, LONG)).doesNotContainKey(tenants.acme);
        leases.release(SECOND);
        assertThat(leases.claim(FIRST, LONG)).containsKey(tenants.acme);

        ScrapeReport said = new ScrapeReport(
                List.of("a"),
                List.of(new ScrapeReport.Target(
                        "a",
                        Labels.of("__address__", "h:1"),
                        Labels.of("job", "a"),
                        "http://h:1/metrics",
                        ScrapeReport.Health.DOWN,
                        "connection refused",
                        1_700_000_000_000L,
                        0.25,
                        7,
                        15_000,
                        10_000)),
                List.of(new ScrapeReport.Dropped("a", Labels.of("__address__", "d:1"))),
                List.of("a problem"));
        leases.report(tenants.acme, FIRST, ScrapeReportJson.write(said));
        leases.report(tenants.acme, SECOND, "not the holder's any more");

        assertThat(ScrapeReportJson.read(leases.report(tenants.acme))).isEqualTo(said);
        assertThat(ScrapeReportJson.read(leases.report(tenants.globex))).isEqualTo(ScrapeReport.NONE);
        configs.save(tenants.acme, new IngestConfig(0, 0, 0, Set.of(), Set.of(), "", "", 1));
        assertThat(leases.claim(FIRST, LONG)).as("nothing is to be scraped").doesNotContainKey(tenants.acme);
    }
}
