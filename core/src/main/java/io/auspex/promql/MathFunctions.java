package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Functions of one float at a time; histograms fall away. */
final class MathFunctions {
    private MathFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        map(builder, "abs", Math::abs);
        map(builder, "ceil", Math::ceil);
        map(builder, "floor", Math::floor);
        map(builder, "exp", Math::exp);
        map(builder, "sqrt", Math::sqrt);
        map(builder, "ln", Math::log);
        map(builder, "log2", MathFunctions::log2);
        map(builder, "log10", Math::log10);
        map(builder, "sgn", value -> value < 0 ? -1 : value > 0 ? 1 : value);
        map(builder, "deg", value -> value * 180 / Math.PI);
        map(builder, "rad", value -> value * Math.PI / 180);
        trigonometry(builder);
        builder.vector("clamp", call -> clamp(call, call.scalar(1), call.scalar(2)));
        builder.vector("clamp_min", call -> clamp(call, call.scalar(1), null));
        builder.vector("clamp_max", call -> clamp(call, null, call.scalar(1)));
        builder.vector("round", MathFunctions::round);
    }

    private static void trigonometry(FunctionRegistry.Builder builder) {
        map(builder, "sin", Math::sin);
        map(builder, "cos", Math::cos);
        map(builder, "tan", Math::tan);
        map(builder, "asin", Math::asin);
        map(builder, "acos", Math::acos);
        map(builder, "atan", Math::atan);
        map(builder, "sinh", Math::sinh);
        map(builder, "cosh", Math::cosh);
        map(builder, "tanh", Math::tanh);
        map(builder, "asinh", MathFunctions::asinh);
        map(builder, "acosh", MathFunctions::acosh);
        map(builder, "atanh", value -> 0.5 * Math.log1p(2 * value / (1 - value)));
    }

    private static void map(FunctionRegistry.Builder builder, String name, DoubleUnaryOperator operator) {
        builder.vector(name, call -> floats(call, call.vector(0), (value, step) -> operator.applyAsDouble(value)));
    }

    /** A function of a float and the step it stands at. */
    interface AtStep {
        double apply(double value, int step);
    }

    /** Applies a function to each float in place; what has no floats is left out. */
    static List<SeriesColumn> floats(FunctionCall call, List<SeriesColumn> columns, AtStep function) {
        List<SeriesColumn> result = new ArrayList<>(columns.size());
        for (SeriesColumn column : columns) {
            call.evaluator().run().work(column.slots());
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                if (column.isFloat(slot)) {
                    column.set(slot, function.apply(column.value(slot), slot));
                } else {
                    column.clear(slot);
                }
            }
            if (!column.isEmpty()) {
                result.add(call.unnamed(column));
            }
        }
        return call.delayedNameRemoval() ? result : MetricLabels.merge(result);
    }

    private static List<SeriesColumn> clamp(
            FunctionCall call,
            double @org.jspecify.annotations.Nullable [] low,
            double @org.jspecify.annotations.Nullable [] high) {
        List<SeriesColumn> columns = call.vector(0);
        for (int step = 0; step < call.steps().count(); step++) {
            if (low != null && high != null && high[step] < low[step]) {
                for (SeriesColumn column : columns) {
                    column.clear(step);
                }
            }
        }
        return floats(call, columns, (value, step) -> {
            double atMost = high == null ? value : Math.min(high[step], value);
            return low == null ? atMost : Math.max(low[step], atMost);
        });
    }

    private static List<SeriesColumn> round(FunctionCall call) {
        double[] nearest = call.argumentCount() > 1 ? call.scalar(1) : null;
        return floats(call, call.vector(0), (value, step) -> {
            double inverse = 1.0 / (nearest == null ? 1 : nearest[step]);
            return Math.floor(value * inverse + 0.5) / inverse;
        });
    }

    /** Exact for powers of two. */
    private static double log2(double value) {
        int exponent = Math.getExponent(value);
        if (exponent >= Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT && value > 0) {
            double mantissa = Math.scalb(value, -exponent);
            return mantissa == 1 ? exponent : exponent + Math.log(mantissa) / Math.log(2);
        }
        return Math.log(value) / Math.log(2);
    }

    private static double acosh(double value) {
        if (value > 0x1p28) {
            return Math.log(value) + Math.log(2);
        }
        double above = value - 1;
        return Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    /** Without cancellation near zero and without overflow. */
    private static double asinh(double value) {
        double x = Math.abs(value);
        double result;
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        } else if (x > 0x1p28) {
            result = Math.log(x) + Math.log(2);
        } else if (x > 2) {
            result = Math.log(2 * x + 1 / (Math.sqrt(x * x + 1) + x));
        } else {
            result = Math.log1p(x + x * x / (1 + Math.sqrt(1 + x * x)));
        }
        return Math.copySign(result, value);
    }
}
