package io.auspex.models.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.models.TrainedModel;
import io.auspex.models.control.ModelStore;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Stores trained models, status TRAINED, and the progress of the run. Safe to repeat: a run makes one version of a model. */
@Named("modelWriter")
@Dependent
public class ModelWriter extends AbstractItemWriter {
    @Inject
    RunProgress progress;

    @Inject
    ModelStore store;

    @Inject
    Clock clock;

    @Override
    public void writeItems(List<Object> items) {
        List<TrainedModel> models = items.stream()
                .map(item -> ((ModelTrainer.Trained) item).model())
                .flatMap(Optional::stream)
                .toList();
        String code = ModelWriter.class.getPackage().getImplementationVersion();
        store.add(progress.tenant(), progress.run(), models, code == null ? "development" : code, clock.instant());
        progress.done(items.size());
    }
}
