package io.auspex.models.job;

import io.auspex.models.TrainedModel;
import io.auspex.models.control.TrainingStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores trained models, status TRAINED, and the progress of the run. Safe to repeat: a run makes one version of a model. */
@Named("modelWriter")
@Dependent
public class ModelWriter extends AbstractItemWriter {
    @Inject
    @BatchProperty
    String tenant;

    @Inject
    @BatchProperty
    String run;

    @Inject
    TrainingStore store;

    @Inject
    Clock clock;

    private int processed;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        processed = checkpoint == null ? 0 : (Integer) checkpoint;
    }

    @Override
    public void writeItems(List<Object> items) {
        List<TrainedModel> models = items.stream()
                .map(item -> ((ModelTrainer.Trained) item).model())
                .flatMap(Optional::stream)
                .toList();
        processed += items.size();
        String code = ModelWriter.class.getPackage().getImplementationVersion();
        store.add(
                new TenantId(Integer.parseInt(tenant)),
                Long.parseLong(run),
                models,
                processed,
                code == null ? "development" : code,
                clock.instant());
    }

    @Override
    public Serializable checkpointInfo() {
        return processed;
    }
}
