package io.auspex.models.job;

import io.auspex.models.TrainedModel;
import jakarta.batch.api.chunk.ItemProcessor;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import java.util.Optional;

/** Trains the model of a series; a series from which nothing can be learned is passed on without one. */
@Named("modelTrainer")
@Dependent
public class ModelTrainer implements ItemProcessor {
    private static final int MAX_NAME = 480;

    /** A series that was looked at, and the model when there is one. */
    record Trained(Optional<TrainedModel> model) {}

    @Override
    public Object processItem(Object item) {
        SeriesReader.Item series = (SeriesReader.Item) item;
        String name = "next-value/" + series.labels();
        String bounded = name.length() <= MAX_NAME
                ? name
                : name.substring(0, MAX_NAME - 17) + "~" + Integer.toHexString(name.hashCode());
        return new Trained(new NextValueTrainer().train(bounded, series.samples()));
    }
}
