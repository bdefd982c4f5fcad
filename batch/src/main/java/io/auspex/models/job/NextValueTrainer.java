package io.auspex.models.job;

import io.auspex.forecast.TimeGrid;
import io.auspex.models.TrainedModel;
import io.auspex.series.SampleColumn;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * Trains a regression tree that expects the next value of a series from its last values and the calendar.
 *
 * <p>Fitted on the first four fifths of the window and measured on the last, beside expecting the last value
 * again. Deterministic: equal samples make an equal tree.
 */
final class NextValueTrainer {
    static final int LEAST_VALUES = 120;

    private static final int CELLS = 2_000;
    private static final long LEAST_STEP_MILLIS = 15_000;
    private static final int LAGS = 6;
    private static final int WINDOW = 12;
    private static final int DEPTH = 8;
    private static final float LEAST_LEAF = 5;
    private static final double TRAINING_SHARE = 0.8;
    private static final long SEED = 20_261_121L;
    private static final double DAY_MILLIS = 86_400_000.0;
    private static final String OUTPUT = "value";
    private static final String[] FEATURES = {
        "lag-1", "lag-2", "lag-3", "lag-4", "lag-5", "lag-6", "mean-12", "day-sin", "day-cos", "weekday"
    };

    /** The model of a series; empty when it has too few values or never changes. */
    Optional<TrainedModel> train(String name, SampleColumn samples) {
        TimeGrid grid = TimeGrid.of(samples, LEAST_STEP_MILLIS, CELLS);
        double[] values = grid.values();
        if (values.length < LEAST_VALUES || isConstant(values)) {
            return Optional.empty();
        }
        long start = grid.endMillis() - values.length * grid.stepMillis();
        int split = (int) (values.length * TRAINING_SHARE);
        MutableDataset<Regressor> data = dataset(name, grid, start, split);
        Model<Regressor> model =
                new CARTRegressionTrainer(DEPTH, LEAST_LEAF, 0, 1.0f, false, new MeanSquaredError(), SEED).train(data);
        byte[] artefact = model.serialize().toByteArray();
        return Optional.of(new TrainedModel(
                name,
                artefact,
                sha256(artefact),
                model.getProvenance().toString(),
                measure(model, grid, start, split),
                Instant.ofEpochMilli(start),
                Instant.ofEpochMilli(grid.endMillis())));
    }

    private static boolean isConstant(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private static MutableDataset<Regressor> dataset(String name, TimeGrid grid, long start, int split) {
        RegressionFactory outputs = new RegressionFactory();
        SimpleDataSourceProvenance source = new SimpleDataSourceProvenance(
                name, OffsetDateTime.ofInstant(Instant.ofEpochMilli(grid.endMillis()), ZoneOffset.UTC), outputs);
        MutableDataset<Regressor> data = new MutableDataset<>(source, outputs);
        for (int i = WINDOW; i < split; i++) {
            data.add(example(grid, start, i));
        }
        return data;
    }

    private static ArrayExample<Regressor> example(TimeGrid grid, long start, int at) {
        return new ArrayExample<>(
                new Regressor(OUTPUT, grid.values()[at]),
                FEATURES,
                features(grid.values(), at, start + at * grid.stepMillis()));
    }

    private static double[] features(double[] values, int at, long millis) {
        double[] features = new double[FEATURES.length];
        for (int lag = 1; lag <= LAGS; lag++) {
            features[lag - 1] = values[at - lag];
        }
        for (int back = 1; back <= WINDOW; back++) {
            features[LAGS] += values[at - back] / WINDOW;
        }
        double angle = 2 * Math.PI * Math.floorMod(millis, (long) DAY_MILLIS) / DAY_MILLIS;
        features[LAGS + 1] = Math.sin(angle);
        features[LAGS + 2] = Math.cos(angle);
        features[LAGS + 3] = Math.floorMod(Math.floorDiv(millis, (long) DAY_MILLIS), 7L);
        return features;
    }

    private static Map<String, Double> measure(Model<Regressor> model, TimeGrid grid, long start, int split) {
        double[] values = grid.values();
        double error = 0;
        double naive = 0;
        for (int i = split; i < values.length; i++) {
            Prediction<Regressor> prediction = model.predict(example(grid, start, i));
            error += Math.abs(prediction.getOutput().getValues()[0] - values[i]);
            naive += Math.abs(values[i - 1] - values[i]);
        }
        int n = values.length - split;
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("validationMae", error / n);
        metrics.put("naiveMae", naive / n);
        metrics.put("trainingRows", (double) (split - WINDOW));
        metrics.put("validationRows", (double) n);
        return metrics;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
