package io.auspex.system.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of {@link FaultTrials}; {@code dev trials} runs twenty of each kind. */
final class FaultTrialsIT {
    @ParameterizedTest
    @EnumSource
    void acknowledgedSamples_areThereUnaltered(FaultTrials.Kind kind) throws Exception {
        String obstacle = FaultTrials.obstacle(kind);
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (FaultTrials trials = new FaultTrials(kind, Duration.ofSeconds(8), 20261121, System.out)) {
            trials.run(1);

            assertThat(trials.acknowledged()).isGreaterThan(10_000);
            assertThat(trials.isClean()).as(trials.summary()).isTrue();
        }
    }
}
