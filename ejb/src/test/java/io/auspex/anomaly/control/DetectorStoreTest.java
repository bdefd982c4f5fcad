package io.auspex.anomaly.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.anomaly.DetectorRule;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PageRequest;
import io.auspex.support.TestTenants;
import org.junit.jupiter.api.Test;

final class DetectorStoreTest {
    private static final DetectorRule LOAD =
            new DetectorRule(0, "load", "node_load1", DetectorRule.Method.ENSEMBLE, 5, true, 0);

    private final TestTenants tenants = new TestTenants();
    private final DetectorStore store = new DetectorStore();

    DetectorStoreTest() {
        store.jdbc = tenants.jdbc;
    }

    @Test
    void effective_isTheDefaults_untilTheTenantHasItsOwn() {
        assertThat(store.effective(tenants.acme)).isEqualTo(DetectorRule.DEFAULTS);

        DetectorRule created = store.create(tenants.acme, LOAD);

        assertThat(store.effective(tenants.acme)).containsExactly(created);
        assertThat(store.effective(tenants.globex)).isEqualTo(DetectorRule.DEFAULTS);
    }

    @Test
    void create_refuses_whenTheNameIsTaken() {
        store.create(tenants.acme, LOAD);

        assertThatThrownBy(() -> store.create(tenants.acme, LOAD))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
        store.create(tenants.globex, LOAD);
    }

    @Test
    void update_isLostToNobody() {
        DetectorRule created = store.create(tenants.acme, LOAD);
        DetectorRule change = new DetectorRule(
                created.id(), "load", "node_load5", DetectorRule.Method.BASELINE, 7, false, created.version());

        assertThat(store.update(tenants.acme, change)).isPresent();
        assertThat(store.update(tenants.acme, change)).isEmpty();
        assertThat(store.effective(tenants.acme)).isEmpty();
    }

    @Test
    void nothing_crossesTenants() {
        DetectorRule created = store.create(tenants.acme, LOAD);

        assertThat(store.find(tenants.globex, created.id())).isEmpty();
        assertThat(store.delete(tenants.globex, created.id())).isFalse();
        assertThat(store.update(tenants.globex, created)).isEmpty();
        assertThat(store.list(tenants.globex, PageRequest.FIRST)).isEmpty();
        assertThat(store.delete(tenants.acme, created.id())).isTrue();
    }
}
