package io.auspex.forecast.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.forecast.Forecast;
import io.auspex.forecast.ForecastPool;
import io.auspex.forecast.IssuedForecast;
import io.auspex.platform.PageRequest;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Labels;
import io.auspex.support.TestTenants;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ForecastStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final TestTenants tenants = new TestTenants();
    private final ForecastStore store = new ForecastStore();

    ForecastStoreTest() {
        store.jdbc = tenants.jdbc;
    }

    @Test
    void find_givesBackWhatWasIssued_toItsTenantOnly() {
        double[] history = IntStream.range(0, 60).mapToDouble(i -> i % 7).toArray();
        Forecast forecast = ForecastPool.of(1, 1).forecast(history, 10);
        Labels labels = Labels.of("__name__", "cpu");

        IssuedForecast stored = store.add(
                        tenants.acme, List.of(new IssuedForecast(0, "cpu", labels, NOON, NOON, 15_000, forecast)))
                .get(0);

        IssuedForecast found = store.find(tenants.acme, stored.id()).orElseThrow();
        assertThat(found.labels()).isEqualTo(labels);
        assertThat(found.forecast().median()).isEqualTo(forecast.median());
        assertThat(found.forecast().upper95()).isEqualTo(forecast.upper95());
        assertThat(found.forecast().weights()).isEqualTo(forecast.weights());
        assertThat(store.list(tenants.acme, PageRequest.FIRST)).hasSize(1);
        assertThat(store.find(tenants.globex, stored.id())).isEmpty();
        assertThat(store.list(tenants.globex, PageRequest.FIRST)).isEmpty();

        store.erase(new ErasedSeries(tenants.globex, List.of(labels), Set.of()));
        store.erase(new ErasedSeries(tenants.acme, List.of(Labels.of("__name__", "load")), Set.of()));
        assertThat(store.list(tenants.acme, PageRequest.FIRST)).hasSize(1);
        store.erase(new ErasedSeries(tenants.acme, List.of(labels), Set.of()));
        assertThat(store.list(tenants.acme, PageRequest.FIRST)).isEmpty();
    }
}
