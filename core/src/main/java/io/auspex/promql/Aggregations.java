package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Aggregation operators. Groups are found once per series; each series is then added to its group as a column. */
final class Aggregations {
    private Aggregations() {}

    static List<SeriesColumn> evaluate(Evaluator evaluator, Expr.Aggregation node) {
        return switch (node.op()) {
            case COUNT_VALUES -> ValueCounts.evaluate(evaluator, node);
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> {
                double[] parameter = evaluator.scalar(Objects.requireNonNull(node.parameter()));
                yield new Choice(evaluator, node, parameter).evaluate(evaluator.evaluate(node.expr()));
            }
            case QUANTILE -> quantile(evaluator, node);
            case SUM -> groups(evaluator, node, () -> new SumGroup(evaluator, node));
            case AVG -> groups(evaluator, node, () -> new AverageGroup(evaluator, node));
            case COUNT -> groups(evaluator, node, () -> new CountGroup(false));
            case GROUP -> groups(evaluator, node, () -> new CountGroup(true));
            case MIN -> groups(evaluator, node, () -> new ExtremeGroup(evaluator, node, false));
            case MAX -> groups(evaluator, node, () -> new ExtremeGroup(evaluator, node, true));
            case STDVAR -> groups(evaluator, node, () -> new VarianceGroup(evaluator, node, false));
            case STDDEV -> groups(evaluator, node, () -> new VarianceGroup(evaluator, node, true));
        };
    }

    /** The state of one group at all steps. */
    interface Group {
        /** Takes a series in. The column must stay as it is. */
        void add(SeriesColumn column, SeriesColumn result);

        /** Writes what is left to write. */
        default void finish(SeriesColumn result) {}
    }

    /** A group and the column it fills. */
    private record Filled(Group group, SeriesColumn result) {}

    private static List<SeriesColumn> groups(Evaluator evaluator, Expr.Aggregation node, Supplier<Group> factory) {
        Signatures signatures = Signatures.grouping(node.grouping(), node.without());
        List<Filled> groups = new ArrayList<>();
        evaluator.stream(node.expr(), column -> {
            evaluator.run().check();
            int number = signatures.number(column);
            if (number == groups.size()) {
                Labels labels = signatures.key(column.labels());
                SeriesColumn result = evaluator.run().column(labels, evaluator.steps());
                groups.add(new Filled(factory.get(), result));
            }
            Filled filled = groups.get(number);
            filled.group.add(column, filled.result);
            if (column.dropName()) {
                filled.result.dropName(true);
            }
        });
        List<SeriesColumn> result = new ArrayList<>(groups.size());
        for (Filled filled : groups) {
            filled.group.finish(filled.result);
            if (!filled.result.isEmpty()) {
                result.add(filled.result);
            }
        }
        return result;
    }

    /** The quantile over each group, step by step. */
    private static List<SeriesColumn> quantile(Evaluator evaluator, Expr.Aggregation node) {
        Expr parameter = Objects.requireNonNull(node.parameter());
        double[] q = evaluator.scalar(parameter);
        for (double each : q) {
            evaluator.run().noteQuantile(each, parameter.position());
        }
        List<SeriesColumn> input = evaluator.evaluate(node.expr());
        Signatures signatures = Signatures.grouping(node.grouping(), node.without());
        List<List<SeriesColumn>> members = new ArrayList<>();
        for (SeriesColumn column : input) {
            int number = signatures.number(column);
            if (number == members.size()) {
                members.add(new ArrayList<>());
            }
            members.get(number).add(column);
            if (column.hasHistograms()) {
                evaluator.annotations().histogramIgnored("quantile", node.expr().position());
            }
        }
        List<SeriesColumn> result = new ArrayList<>(members.size());
        Quantile quantile = new Quantile();
        for (List<SeriesColumn> group : members) {
            evaluator.run().check();
            Labels labels = signatures.key(group.get(0).labels());
            SeriesColumn column = evaluator.run().column(labels, evaluator.steps());
            for (int step = 0; step < q.length; step++) {
                quantile.clear();
                evaluator.run().work(group.size());
                boolean any = false;
                for (SeriesColumn member : group) {
                    if (member.isFloat(step)) {
                        quantile.add(member.value(step));
                        any = true;
                    }
                }
                if (any) {
                    column.set(step, quantile.at(q[step]));
                }
            }
            column.dropName(group.stream().anyMatch(SeriesColumn::dropName));
            if (!column.isEmpty()) {
                result.add(column);
            }
        }
        return result;
    }

    /** Counts samples, or says only that there are some. */
    private static final class CountGroup implements Group {
        private final boolean presence;

        CountGroup(boolean presence) {
            this.presence = presence;
        }

        @Override
        public void add(SeriesColumn column, SeriesColumn result) {
            double[] counts = result.values();
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                if (result.isPresent(step)) {
                    counts[step] += presence ? 0 : 1;
                } else {
                    result.set(step, 1);
                }
            }
        }
    }

    /** What only floats go into: histograms are noted and left out. */
    abstract static class FloatGroup implements Group {
        private final Evaluator evaluator;
        private final Expr.Aggregation node;

        FloatGroup(Evaluator evaluator, Expr.Aggregation node) {
            this.evaluator = evaluator;
            this.node = node;
        }

        @Override
        public final void add(SeriesColumn column, SeriesColumn result) {
            if (column.hasHistograms()) {
                evaluator
                        .annotations()
                        .histogramIgnored(node.op().keyword(), node.expr().position());
            }
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                if (column.isFloat(step)) {
                    add(column.value(step), step, result);
                }
            }
        }

        abstract void add(double value, int step, SeriesColumn result);
    }

    private static final class ExtremeGroup extends FloatGroup {
        private final boolean greatest;

        ExtremeGroup(Evaluator evaluator, Expr.Aggregation node, boolean greatest) {
            super(evaluator, node);
            this.greatest = greatest;
        }

        @Override
        void add(double value, int step, SeriesColumn result) {
            double best = result.value(step);
            if (!result.isPresent(step) || (greatest ? best < value : best > value) || Double.isNaN(best)) {
                result.set(step, value);
            }
        }
    }

    /** Welford's method. */
    private static final class VarianceGroup extends FloatGroup {
        private final boolean root;
        private final double[] counts;
        private final double[] means;

        VarianceGroup(Evaluator evaluator, Expr.Aggregation node, boolean root) {
            super(evaluator, node);
            this.root = root;
            this.counts = new double[evaluator.steps().count()];
            this.means = new double[counts.length];
        }

        @Override
        void add(double value, int step, SeriesColumn result) {
            counts[step]++;
            if (!result.isPresent(step)) {
                means[step] = value;
                result.set(step, Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0);
                return;
            }
            double delta = value - means[step];
            means[step] += delta / counts[step];
            result.values()[step] += delta * (value - means[step]);
        }

        @Override
        public void finish(SeriesColumn result) {
            double[] values = result.values();
            for (int step = result.next(0); step >= 0; step = result.next(step + 1)) {
                double variance = values[step] / counts[step];
                values[step] = root ? Math.sqrt(variance) : variance;
            }
        }
    }
}
