package io.auspex.models.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.cluster.control.RunAccess;
import io.auspex.models.TrainedModel;
import io.auspex.platform.AuspexException;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Labels;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ModelStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T02:10:00Z");
    private static final TrainedModel CPU = model("cpu");

    private final TestTenants tenants = new TestTenants();
    private final RunAccess runs = new RunAccess(tenants.jdbc);
    private final ModelStore store = new ModelStore();

    ModelStoreTest() {
        store.jdbc = tenants.jdbc;
    }

    private static TrainedModel model(String name) {
        return new TrainedModel(
                name,
                new byte[] {1, 2, 3},
                "0".repeat(64),
                "a trainer",
                Map.of("validationMae", 1.5),
                NOW.minusSeconds(60),
                NOW);
    }

    @Test
    void versions_areCountedByModelAndTenant() {
        long first = runs.queue(tenants.acme, "model-training", "one");
        long second = runs.queue(tenants.acme, "model-training", "two");
        long foreign = runs.queue(tenants.globex, "model-training", "one");

        store.add(tenants.acme, first, List.of(CPU, model("load")), "1.0", NOW);
        store.add(tenants.acme, second, List.of(CPU), "1.0", NOW);
        store.add(tenants.globex, foreign, List.of(CPU), "1.0", NOW);

        assertThat(versions(tenants.acme)).containsExactly("cpu 1 TRAINED", "cpu 2 TRAINED", "load 1 TRAINED");
        assertThat(versions(tenants.globex)).containsExactly("cpu 1 TRAINED");
    }

    @Test
    void erasure_takesTheModelsOfASeries() {
        Labels cpu = Labels.of("__name__", "cpu", "user", "bob");
        Labels other = Labels.of("__name__", "cpu", "user", "bobby");
        for (TenantId tenant : List.of(tenants.acme, tenants.globex)) {
            long run = runs.queue(tenant, "model-training", "one");
            store.add(tenant, run, List.of(model("next-value/" + cpu), model("next-value/" + other)), "1.0", NOW);
        }

        store.erase(new ErasedSeries(tenants.acme, List.of(cpu), Set.of()));

        assertThat(versions(tenants.acme)).containsExactly("next-value/" + other + " 1 TRAINED");
        assertThat(versions(tenants.globex)).hasSize(2);
    }

    @Test
    void add_makesOneVersionOfAModel_howeverOftenARunRepeatsIt() {
        long run = runs.queue(tenants.acme, "model-training", "one");

        store.add(tenants.acme, run, List.of(CPU), "1.0", NOW);
        store.add(tenants.acme, run, List.of(CPU, model("load")), "1.0", NOW);

        assertThat(store.count(tenants.acme, run)).isEqualTo(2);
        assertThat(versions(tenants.acme)).containsExactly("cpu 1 TRAINED", "load 1 TRAINED");
    }

    @Test
    void nothing_crossesTenants() {
        long run = runs.queue(tenants.acme, "model-training", "one");
        store.add(tenants.acme, run, List.of(CPU), "1.0", NOW);

        assertThat(store.count(tenants.globex, run)).isZero();
        assertThatThrownBy(() -> store.add(tenants.globex, run, List.of(CPU), "1.0", NOW))
                .isInstanceOf(AuspexException.class); // it has no such run
    }

    private List<String> versions(TenantId tenant) {
        return tenants.jdbc.call(tenant, connection -> {
            List<String> versions = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select model || ' ' || version || ' ' || status from auspex.model_versions order by 1")) {
                while (row.next()) {
                    versions.add(row.getString(1));
                }
            }
            return versions;
        });
    }
}
