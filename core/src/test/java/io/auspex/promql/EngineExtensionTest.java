package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How other capabilities bring functions of their own into the language. */
final class EngineExtensionTest {
    private static final Function SPREAD =
            new Function("spread", List.of(ValueType.MATRIX, ValueType.SCALAR), 0, ValueType.VECTOR, false);

    @Test
    void aFunctionOfAnotherCapability_isCalledPerWindow() {
        FunctionRegistry functions = FunctionRegistry.standard().toBuilder()
                .range("spread", call -> {
                    double[] factor = call.scalar(1);
                    return (window, step, result) ->
                            result.set(step, (window.value(window.floatCount() - 1) - window.value(0)) * factor[step]);
                })
                .build();
        QueryOptions options = QueryOptions.STANDARD.with(Dialect.STANDARD.with(Functions.STANDARD.with(SPREAD)));
        MemorySampleReader samples = new MemorySampleReader();
        for (int minute = 0; minute < 10; minute++) {
            samples.append(Labels.of("__name__", "m", "a", "b"), minute * 60_000L, minute * minute);
        }

        Result result = new Engine(functions)
                .range("sum by (a) (spread(m[3m], 10))", samples, 180_000, 300_000, 60_000, options);

        assertThat(result.series()).hasSize(1);
        assertThat(result.series().get(0).labels()).isEqualTo(Labels.of("a", "b"));
        assertThat(result.series().get(0).value(0)).isEqualTo(80);
        assertThat(result.series().get(0).value(2)).isEqualTo(160);
    }

    @Test
    void aFunctionWithoutImplementation_isAnErrorOfExecution() {
        QueryOptions options = QueryOptions.STANDARD.with(Dialect.STANDARD.with(Functions.STANDARD.with(SPREAD)));

        assertThatThrownBy(() -> new Engine().instant("spread(m[1m], 1)", new MemorySampleReader(), 0, options))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("spread is not available");
    }

    @Test
    void everyFunctionOfTheLanguage_isImplemented() {
        assertThat(Functions.STANDARD.all())
                .allSatisfy(function -> assertThat(FunctionRegistry.standard().has(function.name()))
                        .as(function.name())
                        .isTrue());
    }

    @Test
    void aName_isTakenOnce() {
        assertThatThrownBy(() -> FunctionRegistry.standard().toBuilder().vector("rate", call -> List.of()))
                .hasMessageContaining("rate");
    }
}
