package io.auspex.promql;

import static io.auspex.promql.ValueType.MATRIX;
import static io.auspex.promql.ValueType.SCALAR;
import static io.auspex.promql.ValueType.STRING;
import static io.auspex.promql.ValueType.VECTOR;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A set of functions, by name: those of the language, or more. Immutable.
 *
 * <p>Says only how they are called; what they do is in the {@link FunctionRegistry} of the engine, which must know
 * each of them.
 */
public final class Functions {
    /** The functions of the language version, experimental ones included. */
    public static final Functions STANDARD = standard();

    private final Map<String, Function> table;

    private Functions(Map<String, Function> table) {
        this.table = table;
    }

    private static Functions standard() {
        Map<String, Function> table = new TreeMap<>();
        vectorToVector(table);
        matrixToVector(table);
        mixed(table);
        experimental(table);
        return new Functions(table);
    }

    /** These functions and more. */
    public Functions with(Function... more) {
        Map<String, Function> extended = new TreeMap<>(table);
        for (Function function : more) {
            if (extended.put(function.name(), function) != null) {
                throw new IllegalArgumentException("there is already a function " + function.name());
            }
        }
        return new Functions(extended);
    }

    public Optional<Function> find(String name) {
        return Optional.ofNullable(table.get(name));
    }

    /** All functions, sorted by name. */
    public List<Function> all() {
        return List.copyOf(table.values());
    }

    private static void vectorToVector(Map<String, Function> table) {
        for (String name : new String[] {
            "abs",
            "absent",
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atanh",
            "ceil",
            "cos",
            "cosh",
            "deg",
            "exp",
            "floor",
            "histogram_avg",
            "histogram_count",
            "histogram_stddev",
            "histogram_stdvar",
            "histogram_sum",
            "ln",
            "log10",
            "log2",
            "rad",
            "sgn",
            "sin",
            "sinh",
            "sort",
            "sort_desc",
            "sqrt",
            "tan",
            "tanh",
            "timestamp"
        }) {
            add(table, name, 0, VECTOR, VECTOR);
        }
        for (String name : new String[] {
            "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year"
        }) {
            add(table, name, 1, VECTOR, VECTOR);
        }
    }

    private static void matrixToVector(Map<String, Function> table) {
        for (String name : new String[] {
            "absent_over_time",
            "avg_over_time",
            "changes",
            "count_over_time",
            "delta",
            "deriv",
            "idelta",
            "increase",
            "irate",
            "last_over_time",
            "max_over_time",
            "min_over_time",
            "present_over_time",
            "rate",
            "resets",
            "stddev_over_time",
            "stdvar_over_time",
            "sum_over_time"
        }) {
            add(table, name, 0, VECTOR, MATRIX);
        }
        add(table, "predict_linear", 0, VECTOR, MATRIX, SCALAR);
        add(table, "quantile_over_time", 0, VECTOR, SCALAR, MATRIX);
    }

    private static void mixed(Map<String, Function> table) {
        add(table, "clamp", 0, VECTOR, VECTOR, SCALAR, SCALAR);
        add(table, "clamp_max", 0, VECTOR, VECTOR, SCALAR);
        add(table, "clamp_min", 0, VECTOR, VECTOR, SCALAR);
        add(table, "histogram_fraction", 0, VECTOR, SCALAR, SCALAR, VECTOR);
        add(table, "histogram_quantile", 0, VECTOR, SCALAR, VECTOR);
        add(table, "label_join", -1, VECTOR, VECTOR, STRING, STRING, STRING);
        add(table, "label_replace", 0, VECTOR, VECTOR, STRING, STRING, STRING, STRING);
        add(table, "pi", 0, SCALAR);
        add(table, "round", 1, VECTOR, VECTOR, SCALAR);
        add(table, "scalar", 0, SCALAR, VECTOR);
        add(table, "time", 0, SCALAR);
        add(table, "vector", 0, VECTOR, SCALAR);
    }

    private static void experimental(Map<String, Function> table) {
        for (String name :
                new String[] {"mad_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time"}) {
            addExperimental(table, name, 0, MATRIX);
        }
        addExperimental(table, "double_exponential_smoothing", 0, MATRIX, SCALAR, SCALAR);
        addExperimental(table, "info", 1, VECTOR, VECTOR);
        addExperimental(table, "sort_by_label", -1, VECTOR, STRING);
        addExperimental(table, "sort_by_label_desc", -1, VECTOR, STRING);
    }

    private static void add(
            Map<String, Function> table, String name, int variadic, ValueType returns, ValueType... arguments) {
        table.put(name, new Function(name, List.of(arguments), variadic, returns, false));
    }

    private static void addExperimental(
            Map<String, Function> table, String name, int variadic, ValueType... arguments) {
        table.put(name, new Function(name, List.of(arguments), variadic, VECTOR, true));
    }
}
