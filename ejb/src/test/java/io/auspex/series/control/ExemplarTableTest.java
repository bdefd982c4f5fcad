package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.Meters;
import io.auspex.series.Exemplar;
import io.auspex.series.ExemplarStore;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.NewSeries;
import io.auspex.series.SeriesExemplar;
import io.auspex.series.SeriesLimit;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExemplarTableTest {
    private static final Labels SERIES = Labels.of("__name__", "latency", "job", "api");
    private static final List<Matcher> LATENCY = List.of(Matcher.equal("__name__", "latency"));

    private static Exemplar exemplar(String trace, long time) {
        return new Exemplar(Labels.of("trace_id", trace), 0.5, time);
    }

    private static void append(TestEngine engine, ExemplarStore store, TenantId tenant, List<Exemplar> exemplars) {
        int ref = engine.engine.register(tenant, List.of(NewSeries.of(SERIES)), SeriesLimit.OF_NODE)[0];
        store.append(
                tenant,
                exemplars.stream().map(one -> new SeriesExemplar(ref, one)).toList());
    }

    @Test
    void find_tellsWhatWasAppended_onceAndToItsTenantOnly() {
        TestDatabase database = new TestDatabase(TestPostgres.shared());
        TenantId acme = database.tenant("acme");
        TenantId globex = database.tenant("globex");
        try (TestEngine engine = TestEngine.start(database, Instant.EPOCH)) {
            ExemplarStore store = engine.engine.exemplars(100, new Meters());
            Exemplar odd = new Exemplar(Labels.of("t\0", "\"\\"), Double.NaN, 20);
            append(engine, store, acme, List.of(exemplar("a", 10), odd, exemplar("b", 30)));
            append(engine, store, acme, List.of(exemplar("a", 10)));
            append(engine, store, globex, List.of(exemplar("theirs", 10)));

            assertThat(store.find(acme, LATENCY, 0, 100, 10))
                    .containsOnlyKeys(SERIES)
                    .containsEntry(SERIES, List.of(exemplar("a", 10), odd, exemplar("b", 30)));
            assertThat(store.find(acme, LATENCY, 10, 20, 10).get(SERIES)).hasSize(2);
            assertThat(store.find(acme, LATENCY, 0, 100, 1).get(SERIES)).hasSize(1);
            assertThat(store.find(acme, List.of(Matcher.equal("job", "web")), 0, 100, 10))
                    .isEmpty();
        }
    }

    @Test
    void append_keepsTheLatest_ofEachTenant() {
        TestDatabase database = new TestDatabase(TestPostgres.shared());
        TenantId acme = database.tenant("acme");
        TenantId globex = database.tenant("globex");
        try (TestEngine engine = TestEngine.start(database, Instant.EPOCH)) {
            ExemplarStore store = engine.engine.exemplars(50, new Meters());
            append(engine, store, globex, List.of(exemplar("theirs", 1)));
            for (int i = 0; i < 40; i++) {
                List<Exemplar> batch = new ArrayList<>();
                for (int j = 0; j < 5; j++) {
                    batch.add(exemplar("t" + i + "." + j, 1_000 + i * 5 + j));
                }
                append(engine, store, acme, batch);
            }

            List<Exemplar> kept = store.find(acme, LATENCY, 0, 10_000, 1_000).get(SERIES);

            assertThat(kept).hasSizeBetween(50, 60).last().isEqualTo(exemplar("t39.4", 1_199));
            assertThat(store.find(globex, LATENCY, 0, 10_000, 10).get(SERIES)).hasSize(1);
            assertThat(engine.engine
                            .exemplars(0, new Meters())
                            .append(acme, List.of(new SeriesExemplar(0, exemplar("x", 1)))))
                    .isZero();
        }
    }
}
