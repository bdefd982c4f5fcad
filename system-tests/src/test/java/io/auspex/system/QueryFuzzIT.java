package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A short, seeded run of {@link QueryFuzz}; {@code dev queryfuzz} runs the long one with its narrow grace. */
final class QueryFuzzIT {
    @Test
    void noQuery_reachesAnotherTenant_orBreaksTheServer() {
        TwoTenants tenants = TwoTenants.get();
        QueryFuzz fuzz = new QueryFuzz(tenants.firstAdmin, tenants.secondAdmin, Duration.ofSeconds(30));
        fuzz.fill();

        fuzz.run(1_000, 20261121);

        assertThat(fuzz.statuses()).as(fuzz.toString()).containsKeys(200, 400);
        assertThat(fuzz.statuses().get(200)).isGreaterThan(500);
    }
}
