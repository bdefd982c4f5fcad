package io.auspex.promql;

import io.auspex.promql.VectorMatching.Cardinality;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Arithmetic and comparison between two vectors. Who meets whom is found once per series; then pairs of
 * columns are worked off.
 */
final class VectorJoin {
    private final Evaluator evaluator;
    private final Expr.Binary node;
    private final VectorMatching matching;
    private final boolean swapped;
    private final BinaryOperations.Element element;
    private final Set<String> matchingLabels;
    private final Map<Labels, Output> outputs = new LinkedHashMap<>();

    /** A column of the result; {@code lastSignature} tells which match filled it. */
    private static final class Output {
        final SeriesColumn column;
        int signature = -1;

        Output(SeriesColumn column) {
            this.column = column;
        }
    }

    VectorJoin(Evaluator evaluator, Expr.Binary node) {
        this.evaluator = evaluator;
        this.node = node;
        this.matching = Objects.requireNonNull(node.matching());
        this.swapped = matching.cardinality() == Cardinality.ONE_TO_MANY;
        this.element = new BinaryOperations.Element(node, evaluator.annotations());
        this.matchingLabels = new HashSet<>(matching.labels());
    }

    List<SeriesColumn> evaluate(List<SeriesColumn> left, List<SeriesColumn> right) {
        List<SeriesColumn> many = swapped ? right : left;
        List<SeriesColumn> one = swapped ? left : right;
        Signatures signatures = Signatures.matching(matching);
        List<List<SeriesColumn>> oneBySignature = group(one, signatures);
        long[] anyOfMany = union(many);
        for (List<SeriesColumn> ones : oneBySignature) {
            refuseDuplicates(ones, anyOfMany);
        }
        for (SeriesColumn each : many) {
            int signature = signatures.find(each);
            if (signature < 0) {
                continue;
            }
            for (SeriesColumn partner : oneBySignature.get(signature)) {
                evaluator.run().check();
                join(each, partner, signature);
            }
        }
        List<SeriesColumn> result = new ArrayList<>(outputs.size());
        for (Output output : outputs.values()) {
            if (!output.column.isEmpty()) {
                result.add(output.column);
            }
        }
        return result;
    }

    private static List<List<SeriesColumn>> group(List<SeriesColumn> columns, Signatures signatures) {
        List<List<SeriesColumn>> groups = new ArrayList<>();
        for (SeriesColumn column : columns) {
            int number = signatures.number(column);
            while (groups.size() <= number) {
                groups.add(new ArrayList<>(1));
            }
            groups.get(number).add(column);
        }
        return groups;
    }

    private long[] union(List<SeriesColumn> columns) {
        long[] union = new long[(evaluator.steps().count() + 63) >>> 6];
        for (SeriesColumn column : columns) {
            long[] words = column.present();
            for (int word = 0; word < union.length; word++) {
                union[word] |= words[word];
            }
        }
        return union;
    }

    /** Two series of the "one" side in the same match at the same step make it many-to-many. */
    private void refuseDuplicates(List<SeriesColumn> ones, long[] anyOfMany) {
        if (ones.size() < 2) {
            return;
        }
        long[] seen = new long[anyOfMany.length];
        for (int i = 0; i < ones.size(); i++) {
            long[] words = ones.get(i).present();
            for (int word = 0; word < seen.length; word++) {
                long clash = seen[word] & words[word] & anyOfMany[word];
                if (clash != 0) {
                    int step = (word << 6) + Long.numberOfTrailingZeros(clash);
                    throw duplicates(ones.get(i).labels(), firstAt(ones, step).labels());
                }
                seen[word] |= words[word];
            }
        }
    }

    private static SeriesColumn firstAt(List<SeriesColumn> columns, int step) {
        for (SeriesColumn column : columns) {
            if (column.isPresent(step)) {
                return column;
            }
        }
        throw new IllegalArgumentException("no column at step " + step);
    }

    private QueryException duplicates(Labels second, Labels first) {
        Labels match = matching.on()
                ? second.keep(matchingLabels)
                : second.filter(name -> !name.equals(Labels.METRIC_NAME) && !matchingLabels.contains(name));
        return QueryException.execution("found duplicate series for the match group " + match + " on the "
                + (swapped ? "left" : "right") + " hand-side of the operation: [" + second + ", " + first
                + "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    private void join(SeriesColumn each, SeriesColumn partner, int signature) {
        SeriesColumn left = swapped ? partner : each;
        SeriesColumn right = swapped ? each : partner;
        long[] a = left.present();
        long[] b = right.present();
        boolean meet = false;
        for (int word = 0; word < a.length && !meet; word++) {
            meet = (a[word] & b[word]) != 0;
        }
        if (!meet) {
            return;
        }
        Output output = outputs.computeIfAbsent(
                resultLabels(each.labels(), partner.labels()),
                labels -> new Output(evaluator.run().column(labels, evaluator.steps())));
        if (node.bool()) {
            output.column.dropName(true);
        }
        boolean floats = !left.hasHistograms() && !right.hasHistograms();
        if (floats
                && left.isFull()
                && right.isFull()
                && output.column.isEmpty()
                && !node.op().isComparison()) {
            whole(left.values(), right.values(), output.column);
        } else {
            slotBySlot(left, right, output, signature);
        }
        output.signature = signature;
    }

    /** Both columns are floats at every step. */
    private void whole(double[] left, double[] right, SeriesColumn output) {
        double[] values = output.values();
        switch (node.op()) {
            case ADD -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = left[i] + right[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = left[i] - right[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = left[i] * right[i];
                }
            }
            case DIV -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = left[i] / right[i];
                }
            }
            case MOD, POW, ATAN2, OR, AND, UNLESS, EQL, NEQ, LTE, LSS, GTE, GTR -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = BinaryOperations.arithmetic(node.op(), left[i], right[i]);
                }
            }
        }
        output.markAll();
    }

    private void slotBySlot(SeriesColumn left, SeriesColumn right, Output output, int signature) {
        SeriesColumn column = output.column;
        for (int step = left.next(0); step >= 0; step = left.next(step + 1)) {
            if (!right.isPresent(step)) {
                continue;
            }
            boolean valid =
                    element.apply(left.value(step), left.histogram(step), right.value(step), right.histogram(step));
            if (!valid || (!element.keep && !node.bool())) {
                continue;
            }
            if (column.isPresent(step)) {
                throw tooMany(output.signature == signature);
            }
            element.store(column, step);
        }
    }

    private QueryException tooMany(boolean sameMatch) {
        if (!sameMatch) {
            return QueryException.duplicateLabels();
        }
        return QueryException.execution(
                matching.cardinality() == Cardinality.ONE_TO_ONE
                        ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                        : "multiple matches for labels: grouping labels must ensure unique matches");
    }

    private Labels resultLabels(Labels many, Labels one) {
        boolean changesMetric = !node.op().isComparison();
        boolean unnamed = changesMetric || (node.bool() && !evaluator.run().delayedNameRemoval());
        boolean oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
        Labels kept = many.filter(name -> !(unnamed && MetricLabels.isMetadata(name))
                && (!oneToOne || matchingLabels.contains(name) == matching.on()));
        if (matching.include().isEmpty()) {
            return kept;
        }
        Map<String, String> labels = new TreeMap<>(kept.toMap());
        for (String name : matching.include()) {
            labels.put(name, one.get(name));
        }
        return Labels.of(labels);
    }
}
