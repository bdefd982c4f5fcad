package io.auspex.promql;

import java.util.List;

/** Functions of range vectors that another capability brings into the language. */
@FunctionalInterface
public interface FunctionPack {
    /** One function: how it is called and what it does. */
    record Entry(Function signature, RangeFunction implementation) {}

    List<Entry> functions();
}
