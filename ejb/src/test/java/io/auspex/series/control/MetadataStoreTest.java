package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.Meters;
import io.auspex.series.MetricMetadata;
import io.auspex.support.TestTenants;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetadataStoreTest {
    private static final MetricMetadata UP = new MetricMetadata("up", "gauge", "Whether it is up.", "");
    private static final MetricMetadata COUNT = new MetricMetadata("count\0", "counter", "n\0", "bytes");

    private final TestTenants tenants = new TestTenants();
    private final MetadataStore store = store(2);

    private MetadataStore store(int limit) {
        MetadataStore made = new MetadataStore();
        made.jdbc = tenants.jdbc;
        made.clock = Clock.systemUTC();
        made.meters = new Meters();
        made.limit = limit;
        made.register();
        return made;
    }

    @Test
    void find_tellsWhatWasSaidLast_toItsTenantOnly() {
        store.learn(tenants.acme, List.of(UP, COUNT));
        store.learn(tenants.globex, List.of(new MetricMetadata("theirs", "gauge", "", "")));
        MetricMetadata changed = new MetricMetadata("up", "counter", "Other.", "s");
        store.learn(tenants.acme, List.of(UP, changed));

        assertThat(store.find(tenants.acme, "", -1))
                .containsExactly(new MetricMetadata("count\ufffd", "counter", "n\ufffd", "bytes"), changed);
        assertThat(store.find(tenants.acme, "up", -1)).containsExactly(changed);
        assertThat(store.find(tenants.acme, "theirs", -1)).isEmpty();
        assertThat(store.find(tenants.acme, "", 1)).hasSize(1);
        assertThat(store.find(tenants.acme, "", 0)).isEmpty();
        assertThat(store.find(tenants.globex, "", -1))
                .extracting(MetricMetadata::metric)
                .containsExactly("theirs");
    }

    @Test
    void learn_dropsNewMetricsBeyondTheLimit_butTakesChanges() {
        store.learn(tenants.acme, List.of(UP, COUNT, new MetricMetadata("third", "gauge", "", "")));
        store(2).learn(tenants.acme, List.of(new MetricMetadata("fourth", "gauge", "", "")));
        store(2).learn(tenants.acme, List.of(new MetricMetadata("up", "counter", "", "")));

        assertThat(store.find(tenants.acme, "", -1))
                .extracting(MetricMetadata::metric)
                .containsExactly("count\ufffd", "up");
        assertThat(store.find(tenants.acme, "up", 1).get(0).type()).isEqualTo("counter");
    }
}
