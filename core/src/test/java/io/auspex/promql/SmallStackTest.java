package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.MemorySampleReader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The deepest queries that the parser lets through, on a thread with less stack than a server's (512 kB, of which
 * the container takes some).
 */
final class SmallStackTest {
    private static final long STACK = 400 * 1024;

    @Test
    void chains_areParsedPrintedAndEvaluated() throws InterruptedException {
        runOnSmallStack("vector(1)" + " + vector(1)".repeat(Expr.MAX_HEIGHT - 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(|1|)", "abs(|vector(1)|)", "sum by (a) (|vector(1)|)", "2 ^ |1|"})
    void nesting_isParsedPrintedAndEvaluated(String shape) throws InterruptedException {
        String[] parts = shape.split("\\|", -1);
        int levels = Parser.MAX_NESTING - 2;

        runOnSmallStack(parts[0].repeat(levels) + parts[1] + parts[2].repeat(levels));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-(|1|)", "1 + (|1|)", "abs(-|vector(1)|)"})
    void signsAndOperands_countAsTheyNest(String shape) throws InterruptedException {
        String[] parts = shape.split("\\|", -1);
        int levels = Parser.MAX_NESTING / 2 - 1;

        runOnSmallStack(parts[0].repeat(levels) + parts[1] + parts[2].repeat(levels));
    }

    @Test
    void subqueries_areEvaluated() throws InterruptedException {
        runOnSmallStack("max_over_time(".repeat(99) + "vector(1)" + "[1m:1m])".repeat(99));
    }

    private static void runOnSmallStack(String query) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, () -> use(query), "small stack", STACK);
        thread.setUncaughtExceptionHandler((which, thrown) -> failure.set(thrown));
        thread.start();
        thread.join();

        assertThat(failure.get()).isNull();
    }

    private static void use(String query) {
        Expr expr = Parser.parse(query, Dialect.STANDARD);
        assertThat(Printer.line(expr)).isNotEmpty();
        assertThat(Printer.pretty(expr)).isNotEmpty();
        Result result = new Engine().range(query, new MemorySampleReader(), 0, 60_000, 30_000, QueryOptions.STANDARD);
        assertThat(result.series()).hasSize(1);
    }
}
