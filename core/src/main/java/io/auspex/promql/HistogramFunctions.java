package io.auspex.promql;

import io.auspex.histogram.HistogramQuantile;
import io.auspex.histogram.HistogramQuantile.Answer;
import io.auspex.histogram.Histograms;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Functions of native histograms, and quantile and fraction of classic ones as well. */
final class HistogramFunctions {
    private HistogramFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        map(builder, "histogram_count", NativeHistogram::count);
        map(builder, "histogram_sum", NativeHistogram::sum);
        map(builder, "histogram_avg", histogram -> histogram.sum() / histogram.count());
        map(builder, "histogram_stdvar", Histograms::variance);
        map(builder, "histogram_stddev", histogram -> Math.sqrt(Histograms.variance(histogram)));
        builder.vector("histogram_quantile", HistogramFunctions::quantile);
        builder.vector("histogram_fraction", HistogramFunctions::fraction);
    }

    /** A number of each native histogram; floats fall away. */
    private static void map(FunctionRegistry.Builder builder, String name, ToDoubleFunction<NativeHistogram> function) {
        builder.vector(name, call -> {
            List<SeriesColumn> result = new ArrayList<>();
            for (SeriesColumn column : call.vector(0)) {
                call.evaluator().run().work(column.slots());
                for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                    NativeHistogram histogram = column.histogram(slot);
                    if (histogram == null) {
                        column.clear(slot);
                    } else {
                        column.set(slot, function.applyAsDouble(histogram));
                    }
                }
                if (!column.isEmpty()) {
                    result.add(call.unnamed(column));
                }
            }
            return call.delayedNameRemoval() ? result : MetricLabels.merge(result);
        });
    }

    private static List<SeriesColumn> quantile(FunctionCall call) {
        double[] q = call.scalar(0);
        for (double each : q) {
            call.evaluator().run().noteQuantile(each, call.position(0));
        }
        return new Split(call, 1) {
            @Override
            double ofNative(NativeHistogram histogram, String metric, int step) {
                Answer answer = HistogramQuantile.quantile(q[step], histogram);
                switch (answer.remark()) {
                    case NAN_RESULT -> call.annotations().quantileIsNaN(metric, call.position(0));
                    case SKEWED -> call.annotations().quantileIsSkewed(metric, call.position(0));
                    case NONE, NAN_EXCLUDED -> {}
                }
                return answer.value();
            }

            @Override
            double ofClassic(ClassicHistogram histogram, String metric, int step) {
                double value = histogram.quantile(q[step]);
                if (histogram.wasForced()) {
                    call.annotations().forcedMonotonicity(metric, call.position(1));
                }
                return value;
            }
        }.evaluate();
    }

    private static List<SeriesColumn> fraction(FunctionCall call) {
        double[] lower = call.scalar(0);
        double[] upper = call.scalar(1);
        return new Split(call, 2) {
            @Override
            double ofNative(NativeHistogram histogram, String metric, int step) {
                Answer answer = HistogramQuantile.fraction(lower[step], upper[step], histogram);
                if (answer.remark() == HistogramQuantile.Remark.NAN_EXCLUDED) {
                    call.annotations().fractionExcludesNaN(metric, call.position(0));
                }
                return answer.value();
            }

            @Override
            double ofClassic(ClassicHistogram histogram, String metric, int step) {
                return histogram.fraction(lower[step], upper[step]);
            }
        }.evaluate();
    }

    /**
     * A vector split into native histograms and classic ones, the latter put together from their buckets once,
     * not step by step. Where both stand for the same series at a step there is no answer.
     */
    private abstract static class Split {
        private final FunctionCall call;
        private final int argument;
        private final Map<Labels, ClassicHistogram> classics = new LinkedHashMap<>();
        private final List<SeriesColumn> natives = new ArrayList<>();

        Split(FunctionCall call, int argument) {
            this.call = call;
            this.argument = argument;
        }

        abstract double ofNative(NativeHistogram histogram, String metric, int step);

        abstract double ofClassic(ClassicHistogram histogram, String metric, int step);

        List<SeriesColumn> evaluate() {
            split(call.vector(argument));
            List<SeriesColumn> result = new ArrayList<>();
            for (SeriesColumn column : natives) {
                keep(ofNatives(column), result);
            }
            for (Map.Entry<Labels, ClassicHistogram> entry : classics.entrySet()) {
                call.evaluator().run().check();
                keep(ofClassics(entry.getKey(), entry.getValue()), result);
            }
            return call.delayedNameRemoval() ? result : MetricLabels.merge(result);
        }

        private void keep(SeriesColumn column, List<SeriesColumn> result) {
            if (!column.isEmpty()) {
                result.add(call.unnamed(column));
            }
        }

        private void split(List<SeriesColumn> columns) {
            for (SeriesColumn column : columns) {
                if (column.hasHistograms()) {
                    natives.add(column);
                }
                if (hasFloats(column)) {
                    addBucket(column);
                }
            }
        }

        private static boolean hasFloats(SeriesColumn column) {
            if (!column.hasHistograms()) {
                return true;
            }
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                if (column.isFloat(slot)) {
                    return true;
                }
            }
            return false;
        }

        private void addBucket(SeriesColumn column) {
            String le = column.labels().get(MetricLabels.BUCKET);
            Double bound = ClassicHistogram.parseBound(le);
            if (bound == null) {
                String metric = named(column.labels());
                call.annotations().badBucketLabel(metric, le, call.position(argument));
                return;
            }
            classics.computeIfAbsent(column.labels().without(MetricLabels.BUCKET), labels -> new ClassicHistogram())
                    .add(bound, column);
        }

        /** The metric name for an annotation, which is known only while it is not dropped. */
        private String named(Labels labels) {
            return call.delayedNameRemoval() ? labels.metric() : "";
        }

        private SeriesColumn ofNatives(SeriesColumn column) {
            ClassicHistogram rival = classics.get(column.labels());
            SeriesColumn result = call.column(column.labels());
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                NativeHistogram histogram = column.histogram(step);
                if (histogram == null) {
                    continue;
                }
                if (rival != null && rival.isPresent(step)) {
                    call.annotations().mixedClassicAndNative(named(column.labels()), call.position(argument));
                    rival.exclude(step);
                } else {
                    result.set(step, ofNative(histogram, named(column.labels()), step));
                }
            }
            return result;
        }

        private SeriesColumn ofClassics(Labels labels, ClassicHistogram histogram) {
            SeriesColumn result = call.column(labels);
            for (int step = 0; step < call.steps().count(); step++) {
                if (histogram.load(step)) {
                    result.set(step, ofClassic(histogram, named(labels), step));
                }
            }
            return result;
        }
    }
}
