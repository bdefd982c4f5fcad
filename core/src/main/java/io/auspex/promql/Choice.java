package io.auspex.promql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * {@code topk}, {@code bottomk}, {@code limitk} and {@code limit_ratio}: some of the series of each group, with
 * all their labels.
 */
final class Choice {
    /** The greatest and smallest float that a 64 bit integer can take. */
    private static final double MAX_COUNT = 9223372036854774784.0;

    private static final double MIN_COUNT = -9223372036854775808.0;

    private final Evaluator evaluator;
    private final Expr.Aggregation node;
    private final double[] parameter;

    Choice(Evaluator evaluator, Expr.Aggregation node, double[] parameter) {
        this.evaluator = evaluator;
        this.node = node;
        this.parameter = parameter;
    }

    List<SeriesColumn> evaluate(List<SeriesColumn> input) {
        boolean ratio = node.op() == AggregateOp.LIMIT_RATIO;
        if (ratio ? !checkRatio() : !checkCount()) {
            return new ArrayList<>();
        }
        Signatures signatures = Signatures.grouping(node.grouping(), node.without());
        List<List<SeriesColumn>> members = new ArrayList<>();
        for (SeriesColumn column : input) {
            int number = signatures.number(column);
            if (number == members.size()) {
                members.add(new ArrayList<>());
            }
            members.get(number).add(column);
        }
        List<SeriesColumn> result = new ArrayList<>();
        for (List<SeriesColumn> group : members) {
            evaluator.run().check();
            // between equals the first is taken: by labels, so that a range query takes the same as an instant one
            group.sort(Comparator.comparing(SeriesColumn::labels));
            result.addAll(
                    switch (node.op()) {
                        case TOPK, BOTTOMK -> ranked(group);
                        case LIMITK -> limited(group);
                        case LIMIT_RATIO -> sampled(group);
                        case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR, COUNT_VALUES, QUANTILE ->
                            throw new IllegalStateException("chooses no series: " + node.op());
                    });
        }
        return result;
    }

    /** Refuses what is no count; false when nothing can be chosen at any step. */
    private boolean checkCount() {
        double most = Double.NEGATIVE_INFINITY;
        for (double k : parameter) {
            if (Double.isNaN(k)) {
                throw QueryException.execution("Parameter value is NaN");
            }
            most = Math.max(most, k);
        }
        if (most < 1) {
            return false;
        }
        for (double k : parameter) {
            if (k <= MIN_COUNT) {
                throw QueryException.execution("Scalar value " + GoNumbers.general(k) + " underflows int64");
            }
        }
        if (most >= MAX_COUNT) {
            throw QueryException.execution("Scalar value " + GoNumbers.general(most) + " overflows int64");
        }
        return true;
    }

    private boolean checkRatio() {
        double most = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (double ratio : parameter) {
            if (Double.isNaN(ratio)) {
                throw QueryException.execution("Ratio value is NaN");
            }
            most = Math.max(most, ratio);
            least = Math.min(least, ratio);
        }
        Position position = Objects.requireNonNull(node.parameter()).position();
        if (most > 1) {
            evaluator.annotations().invalidRatio(most, 1, position);
        }
        if (least < -1) {
            evaluator.annotations().invalidRatio(least, -1, position);
        }
        return most != 0 || least != 0;
    }

    private int count(int step, int available) {
        return (int) Math.max(0, Math.min(parameter[step], available));
    }

    /** The series with the greatest or smallest values at each step; NaN comes last. */
    private List<SeriesColumn> ranked(List<SeriesColumn> group) {
        boolean greatest = node.op() == AggregateOp.TOPK;
        if (group.stream().anyMatch(SeriesColumn::hasHistograms)) {
            evaluator.annotations().histogramIgnored(node.op().keyword(), node.position());
        }
        List<SeriesColumn> chosen = outputs(group);
        Ranking ranking = new Ranking(greatest, group.size());
        for (int step = 0; step < parameter.length; step++) {
            int k = count(step, group.size());
            ranking.clear(k);
            evaluator.run().work(group.size());
            for (int i = 0; k > 0 && i < group.size(); i++) {
                if (group.get(i).isFloat(step)) {
                    ranking.offer(group.get(i).value(step), i);
                }
            }
            for (int rank = 0; rank < ranking.size(); rank++) {
                int member = ranking.member(rank);
                chosen.get(member).set(step, group.get(member).value(step));
            }
        }
        chosen.removeIf(SeriesColumn::isEmpty);
        if (parameter.length == 1) {
            Comparator<SeriesColumn> order = SortFunctions.byValue(greatest);
            chosen.sort(order);
        }
        return chosen;
    }

    /** The first series that have a sample. */
    private List<SeriesColumn> limited(List<SeriesColumn> group) {
        int[] taken = new int[parameter.length];
        List<SeriesColumn> chosen = new ArrayList<>();
        for (SeriesColumn column : group) {
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                if (taken[step] < count(step, Integer.MAX_VALUE)) {
                    taken[step]++;
                } else {
                    column.clear(step);
                }
            }
            if (!column.isEmpty()) {
                chosen.add(column);
            }
        }
        return chosen;
    }

    /** The series whose hash falls into the ratio; a negative ratio takes exactly those that its complement leaves. */
    private List<SeriesColumn> sampled(List<SeriesColumn> group) {
        List<SeriesColumn> chosen = new ArrayList<>();
        for (SeriesColumn column : group) {
            double offset = LabelHash.fraction(column.labels());
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                double ratio = Math.max(-1, Math.min(1, parameter[step]));
                boolean take = ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
                if (!take || ratio == 0) {
                    column.clear(step);
                }
            }
            if (!column.isEmpty()) {
                chosen.add(column);
            }
        }
        return chosen;
    }

    private List<SeriesColumn> outputs(List<SeriesColumn> group) {
        List<SeriesColumn> outputs = new ArrayList<>(group.size());
        for (SeriesColumn column : group) {
            SeriesColumn output = evaluator.run().column(column.labels(), evaluator.steps());
            output.dropName(column.dropName());
            outputs.add(output);
        }
        return outputs;
    }
}
