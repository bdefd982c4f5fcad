package io.auspex.promql;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time from the text of a query to its checked tree, and back to text. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParserBench {
    @Param({"simple", "panel", "long"})
    public String query = "simple";

    private String text() {
        return switch (query) {
            case "simple" -> "up{job=\"api\"}";
            case "panel" ->
                "sum by (job, instance) (rate(http_requests_total{job=~\"api|web\", code!~\"4..\"}[5m]))"
                        + " / on (job, instance) group_left () sum without (code) (rate(http_requests_total[5m])) > 0.05";
            default -> "up{instance=\"a\"}" + " or up{instance=\"a\"}".repeat(150);
        };
    }

    @Benchmark
    public Expr parse() {
        return Parser.parse(text(), Dialect.STANDARD);
    }

    @Benchmark
    public String parseAndPrint() {
        return Printer.line(Parser.parse(text(), Dialect.STANDARD));
    }
}
