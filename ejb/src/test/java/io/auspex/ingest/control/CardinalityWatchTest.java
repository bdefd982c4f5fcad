package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.ingest.SeriesGrowth;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import org.junit.jupiter.api.Test;

final class CardinalityWatchTest {
    private static final TenantId ACME = new TenantId(1);

    @Test
    void growth_tellsAMetricsOwnSeries_whenItTookThePlaceOfAnother() {
        CardinalityWatch watch = new CardinalityWatch();
        watch.clock = Clock.systemUTC();
        for (int metric = 0; metric < 200; metric++) {
            for (int series = 0; series < 7; series++) {
                watch.note(ACME, Labels.of("__name__", "m" + metric, "series", "s" + series), true);
            }
        }
        watch.note(ACME, Labels.of("__name__", "up"), true);

        SeriesGrowth growth = watch.growth(ACME, 100);

        assertThat(growth.metrics())
                .filteredOn(metric -> metric.metric().equals("up"))
                .extracting(SeriesGrowth.Metric::created)
                .containsExactly(1L);
        assertThat(growth.metrics())
                .allSatisfy(metric -> assertThat(metric.created()).isLessThanOrEqualTo(7));
        assertThat(growth.created()).isEqualTo(200 * 7 + 1);
    }
}
