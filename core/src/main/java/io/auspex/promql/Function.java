package io.auspex.promql;

import java.util.List;

/**
 * The signature of a function.
 *
 * @param arguments types of the arguments, in order
 * @param variadic how the last argument repeats: 0 = not, n &gt; 0 = up to n times beyond the others, of which
 *     it may be left out, -1 = any number of times, also none
 * @param experimental whether the function needs {@link Dialect#experimentalFunctions()}
 */
public record Function(String name, List<ValueType> arguments, int variadic, ValueType returns, boolean experimental) {
    public Function {
        arguments = List.copyOf(arguments);
    }

    /** The type of argument {@code index}; beyond the declared ones the last repeats. */
    public ValueType argument(int index) {
        return arguments.get(Math.min(index, arguments.size() - 1));
    }
}
