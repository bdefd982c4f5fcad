package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Histograms;
import io.auspex.histogram.Mismatch;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators between two expressions: which form applies, and what they do to two samples. */
final class BinaryOperations {
    private BinaryOperations() {}

    static List<SeriesColumn> evaluate(Evaluator evaluator, Expr.Binary node) {
        boolean leftScalar = node.left().type() == ValueType.SCALAR;
        boolean rightScalar = node.right().type() == ValueType.SCALAR;
        if (leftScalar && rightScalar) {
            return scalars(evaluator, node);
        }
        if (leftScalar) {
            double[] scalar = evaluator.scalar(node.left());
            return withScalar(evaluator, node, evaluator.evaluate(node.right()), scalar, true);
        }
        if (rightScalar) {
            List<SeriesColumn> vector = evaluator.evaluate(node.left());
            return withScalar(evaluator, node, vector, evaluator.scalar(node.right()), false);
        }
        List<SeriesColumn> left = evaluator.evaluate(node.left());
        List<SeriesColumn> right = evaluator.evaluate(node.right());
        return node.op().isSet()
                ? SetOperations.evaluate(node, left, right)
                : new VectorJoin(evaluator, node).evaluate(left, right);
    }

    private static List<SeriesColumn> scalars(Evaluator evaluator, Expr.Binary node) {
        List<SeriesColumn> left = evaluator.evaluate(node.left());
        double[] right = evaluator.scalar(node.right());
        double[] values = left.get(0).values();
        for (int step = 0; step < values.length; step++) {
            values[step] = node.op().isComparison()
                    ? compare(node.op(), values[step], right[step]) ? 1 : 0
                    : arithmetic(node.op(), values[step], right[step]);
        }
        return left;
    }

    /** Between a vector and a scalar; {@code swapped} when the scalar stands on the left. */
    private static List<SeriesColumn> withScalar(
            Evaluator evaluator, Expr.Binary node, List<SeriesColumn> columns, double[] scalar, boolean swapped) {
        BinaryOp op = node.op();
        boolean unnamed = !op.isComparison() || node.bool();
        List<SeriesColumn> result = new ArrayList<>(columns.size());
        for (SeriesColumn column : columns) {
            evaluator.run().work(column.slots());
            if (column.hasHistograms()) {
                mixedWithScalar(evaluator.annotations(), node, column, scalar, swapped);
            } else if (op.isComparison()) {
                compareWithScalar(op, column, scalar, swapped, node.bool());
            } else {
                calculateWithScalar(op, column, scalar, swapped);
            }
            if (!column.isEmpty()) {
                result.add(unnamed ? evaluator.unnamed(column) : column);
            }
        }
        return unnamed && !evaluator.run().delayedNameRemoval() ? MetricLabels.merge(result) : result;
    }

    /** Absent slots are calculated as well, since that is cheaper than to look. */
    private static void calculateWithScalar(BinaryOp op, SeriesColumn column, double[] scalar, boolean swapped) {
        double[] values = column.values();
        for (int step = 0; step < values.length; step++) {
            values[step] =
                    swapped ? arithmetic(op, scalar[step], values[step]) : arithmetic(op, values[step], scalar[step]);
        }
    }

    private static void compareWithScalar(
            BinaryOp op, SeriesColumn column, double[] scalar, boolean swapped, boolean bool) {
        double[] values = column.values();
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            boolean keep = swapped ? compare(op, scalar[step], values[step]) : compare(op, values[step], scalar[step]);
            if (bool) {
                values[step] = keep ? 1 : 0;
            } else if (!keep) {
                column.clear(step);
            }
        }
    }

    private static void mixedWithScalar(
            Annotations annotations, Expr.Binary node, SeriesColumn column, double[] scalar, boolean swapped) {
        Element element = new Element(node, annotations);
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            NativeHistogram histogram = column.histogram(step);
            double value = column.value(step);
            boolean valid = swapped
                    ? element.apply(scalar[step], null, value, histogram)
                    : element.apply(value, histogram, scalar[step], null);
            if (!valid) {
                column.clear(step);
            } else if (node.op().isComparison() && !node.bool() && element.keep) {
                continue;
            } else {
                element.store(column, step);
            }
        }
    }

    /** Changes the sign of all samples. */
    static List<SeriesColumn> negate(Evaluator evaluator, List<SeriesColumn> columns) {
        for (SeriesColumn column : columns) {
            double[] values = column.values();
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                NativeHistogram histogram = column.histogram(slot);
                if (histogram == null) {
                    values[slot] = -values[slot];
                } else {
                    column.set(slot, HistogramSum.of(histogram).multiply(-1).toHistogram());
                }
            }
            evaluator.unnamed(column);
        }
        return evaluator.run().delayedNameRemoval() ? columns : MetricLabels.merge(columns);
    }

    static double arithmetic(BinaryOp op, double left, double right) {
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> pow(left, right);
            case ATAN2 -> Math.atan2(left, right);
            case OR, AND, UNLESS, EQL, NEQ, LTE, LSS, GTE, GTR ->
                throw new IllegalArgumentException("not arithmetic: " + op);
        };
    }

    /** As IEEE 754 has it: one to any power is one, also where Java answers NaN. */
    private static double pow(double base, double exponent) {
        return base == 1 || (base == -1 && Double.isInfinite(exponent)) ? 1 : Math.pow(base, exponent);
    }

    static boolean compare(BinaryOp op, double left, double right) {
        return switch (op) {
            case EQL -> left == right;
            case NEQ -> left != right;
            case LTE -> left <= right;
            case LSS -> left < right;
            case GTE -> left >= right;
            case GTR -> left > right;
            case OR, AND, UNLESS, ADD, SUB, MUL, DIV, MOD, ATAN2, POW ->
                throw new IllegalArgumentException("not a comparison: " + op);
        };
    }

    /** The outcome of one operation on two samples, reused from sample to sample. */
    static final class Element {
        private final BinaryOp op;
        private final boolean bool;
        private final Position position;
        private final Annotations annotations;

        double value;

        @Nullable
        NativeHistogram histogram;
        /** Whether a comparison holds; true for arithmetic. */
        boolean keep;

        Element(Expr.Binary node, Annotations annotations) {
            this.op = node.op();
            this.bool = node.bool();
            this.position = node.position();
            this.annotations = annotations;
        }

        /** Calculates; false when the two do not go together, which is noted. */
        boolean apply(
                double left,
                @Nullable NativeHistogram leftHistogram,
                double right,
                @Nullable NativeHistogram rightHistogram) {
            histogram = null;
            keep = true;
            if (leftHistogram == null && rightHistogram == null) {
                if (op.isComparison()) {
                    value = left;
                    keep = compare(op, left, right);
                } else {
                    value = arithmetic(op, left, right);
                }
                return true;
            }
            value = 0;
            if (leftHistogram != null && rightHistogram != null) {
                return histograms(leftHistogram, rightHistogram);
            }
            return leftHistogram != null ? scaled(leftHistogram, right) : scaledBy(left, rightHistogram);
        }

        private boolean scaled(@Nullable NativeHistogram left, double right) {
            if (left != null && op == BinaryOp.MUL) {
                histogram = HistogramSum.of(left).multiply(right).compact().toHistogram();
                return true;
            }
            if (left != null && op == BinaryOp.DIV) {
                histogram = HistogramSum.of(left).divide(right).compact().toHistogram();
                return true;
            }
            annotations.incompatibleTypes("histogram", op, "float", position);
            return false;
        }

        private boolean scaledBy(double left, @Nullable NativeHistogram right) {
            if (right != null && op == BinaryOp.MUL) {
                histogram = HistogramSum.of(right).multiply(left).compact().toHistogram();
                return true;
            }
            annotations.incompatibleTypes("float", op, "histogram", position);
            return false;
        }

        private boolean histograms(NativeHistogram left, NativeHistogram right) {
            switch (op) {
                case ADD -> {
                    HistogramSum sum = HistogramSum.of(left);
                    return taken(sum, sum.add(right));
                }
                case SUB -> {
                    HistogramSum difference = HistogramSum.of(left);
                    return taken(difference, difference.subtract(right)) && gauge();
                }
                case EQL, NEQ -> {
                    histogram = left;
                    keep = Histograms.sameContent(left, right) == (op == BinaryOp.EQL);
                    return true;
                }
                case MUL, DIV, MOD, POW, ATAN2, LTE, LSS, GTE, GTR, OR, AND, UNLESS -> {
                    annotations.incompatibleTypes("histogram", op, "histogram", position);
                    return false;
                }
            }
            return false;
        }

        private boolean taken(HistogramSum result, Mismatch mismatch) {
            if (mismatch != Mismatch.NONE) {
                annotations.incompatibleLayout(op, position);
                return false;
            }
            histogram = result.compact().toHistogram();
            return true;
        }

        private boolean gauge() {
            if (histogram != null) {
                histogram = Histograms.withHint(histogram, ResetHint.GAUGE);
            }
            return true;
        }

        /** Puts the outcome into a column: the value, one or zero under {@code bool}, nothing where it is filtered. */
        void store(SeriesColumn column, int step) {
            if (bool) {
                column.set(step, keep ? 1 : 0);
            } else if (!keep) {
                column.clear(step);
            } else if (histogram != null) {
                column.set(step, histogram);
            } else {
                column.set(step, value);
            }
        }
    }
}
