package io.auspex.models.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.models.TrainedModel;
import io.auspex.series.SampleColumn;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.protos.core.ModelProto;

final class NextValueTrainerTest {
    private static SampleColumn rhythm(int n) {
        SampleColumn samples = new SampleColumn();
        for (int i = 0; i < n; i++) {
            samples.append(i * 15_000L, 50 + 20 * (i / 5 % 2) + i % 5);
        }
        return samples;
    }

    @Test
    void train_beatsExpectingTheLastValue_onWhatItHasNotSeen() {
        TrainedModel model = new NextValueTrainer().train("cpu", rhythm(1000)).orElseThrow();

        assertThat(model.metrics().get("validationMae"))
                .isLessThan(model.metrics().get("naiveMae") / 2);
        assertThat(model.provenance()).contains("CARTRegressionTrainer");
        assertThat(model.dataTo()).isAfter(model.dataFrom());
    }

    @Test
    void train_isDeterministic_upToItsProvenance() {
        TrainedModel one = new NextValueTrainer().train("cpu", rhythm(500)).orElseThrow();
        TrainedModel other = new NextValueTrainer().train("cpu", rhythm(500)).orElseThrow();

        assertThat(other.metrics()).isEqualTo(one.metrics());
    }

    @Test
    void artefact_isAModelThatLoads_andItsHashIsItsOwn() throws Exception {
        TrainedModel model = new NextValueTrainer().train("cpu", rhythm(500)).orElseThrow();

        assertThat(Model.deserialize(ModelProto.parseFrom(model.artefact()))).isNotNull();
        assertThat(model.sha256())
                .isEqualTo(NextValueTrainer.sha256(model.artefact()))
                .hasSize(64);
    }

    @Test
    void train_makesNothing_ofTooLittleOrOfAConstant() {
        SampleColumn constant = new SampleColumn();
        for (int i = 0; i < 500; i++) {
            constant.append(i * 15_000L, 7);
        }

        assertThat(new NextValueTrainer().train("cpu", rhythm(NextValueTrainer.LEAST_VALUES - 1)))
                .isEmpty();
        assertThat(new NextValueTrainer().train("cpu", constant)).isEmpty();
    }
}
