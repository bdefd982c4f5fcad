package io.auspex.promql.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.promql.QueryHint;
import io.auspex.promql.control.AdviceStore.Check;
import io.auspex.promql.control.AdviceStore.Cost;
import io.auspex.promql.control.AdviceStore.Given;
import io.auspex.promql.control.AdviceStore.Remembered;
import io.auspex.series.ErasedSeries;
import io.auspex.support.TestTenants;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AdviceStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final QueryHint FIRST =
            new QueryHint("unbounded-matcher", "{a=\"b\"} matches 200", 0.5, "count({a=\"b\"})");
    private static final QueryHint SECOND = new QueryHint("unbounded-matcher", "{c=\"d\"} matches 300", 0.5, "");
    private static final Check CHECK = new Check(new Cost(1000, 200, 0.5), new Cost(900, 1, 0.25));

    private final TestTenants tenants = new TestTenants();
    private final AdviceStore store = at(NOON);

    private AdviceStore at(Instant now) {
        AdviceStore made = new AdviceStore();
        made.jdbc = tenants.jdbc;
        made.clock = Clock.fixed(now, ZoneOffset.UTC);
        return made;
    }

    @Test
    void hints_areRememberedOnce_withTheLatestCheck_forTheirTenant() {
        store.add(
                tenants.acme,
                "q",
                true,
                List.of(new Given(FIRST, Optional.of(CHECK)), new Given(SECOND, Optional.empty())));
        at(NOON.plusSeconds(60)).add(tenants.acme, "q", true, List.of(new Given(FIRST, Optional.empty())));
        store.add(tenants.globex, "theirs", false, List.of(new Given(SECOND, Optional.empty())));

        assertThat(store.list(tenants.acme, 10))
                .containsExactly(
                        new Remembered(
                                "q", true, FIRST, NOON, NOON.plusSeconds(60), 2, Optional.of(NOON), Optional.of(CHECK)),
                        new Remembered("q", true, SECOND, NOON, NOON, 1, Optional.empty(), Optional.empty()));
        assertThat(store.list(tenants.acme, 1)).hasSize(1);
        assertThat(store.list(tenants.globex, 10)).extracting(Remembered::query).containsExactly("theirs");
    }

    @Test
    void hints_end_whenTheyAreOld_andWhenTheyNameWhatIsErased() {
        store.add(tenants.acme, "old", true, List.of(new Given(FIRST, Optional.empty())));
        at(NOON.plus(Duration.ofDays(31))).add(tenants.acme, "new", true, List.of(new Given(SECOND, Optional.empty())));
        assertThat(store.list(tenants.acme, 10)).extracting(Remembered::query).containsExactly("new");

        store.erase(new ErasedSeries(tenants.globex, List.of(), Set.of("d")));
        assertThat(store.list(tenants.acme, 10)).hasSize(1);
        store.erase(new ErasedSeries(tenants.acme, List.of(), Set.of("d")));
        assertThat(store.list(tenants.acme, 10)).isEmpty();
    }

    @Test
    void erase_findsWhatOnlyTheCheckNames() {
        String cut = "x".repeat(NamedValues.MAX_TEXT) + "mallory";
        QueryHint hint = new QueryHint("record-expression", "record it", 0.5, "sum(m{user=\"mallory\"})");
        store.add(tenants.acme, cut, true, List.of(new Given(hint, Optional.empty())));
        store.add(tenants.globex, cut, true, List.of(new Given(hint, Optional.empty())));

        store.erase(new ErasedSeries(tenants.acme, List.of(), Set.of("mallory")));

        assertThat(store.list(tenants.acme, 10)).isEmpty();
        assertThat(store.list(tenants.globex, 10)).hasSize(1);
    }
}
