package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;

/**
 * The language with the functions that other capabilities bring, and the engine that knows them.
 *
 * @param functions all that may be called, those of the reference first
 */
public record Language(Functions functions, Engine engine) {
    /** @throws IllegalArgumentException when a name is taken */
    public static Language with(Iterable<? extends FunctionPack> packs) {
        List<Function> signatures = new ArrayList<>();
        FunctionRegistry.Builder registry = FunctionRegistry.standard().toBuilder();
        for (FunctionPack pack : packs) {
            for (FunctionPack.Entry entry : pack.functions()) {
                signatures.add(entry.signature());
                registry.range(entry.signature().name(), entry.implementation());
            }
        }
        return new Language(Functions.STANDARD.with(signatures.toArray(Function[]::new)), new Engine(registry.build()));
    }

    /** A dialect that may call all of them. */
    public Dialect extend(Dialect dialect) {
        return dialect.with(functions);
    }
}
