package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QueryCostTest {
    private static final long END = 3_600_000;
    private final MemorySampleReader reader = new MemorySampleReader();

    QueryCostTest() {
        for (int i = 0; i < 60; i++) {
            for (long time = 0; time <= END; time += 15_000) {
                reader.append(Labels.of("__name__", "a_total", "i", "" + i, "g", "" + i % 5), time, time + i);
                if (i % 10 == 0) {
                    reader.append(Labels.of("__name__", "b", "i", "" + i), time, i);
                }
            }
        }
    }

    private QueryCost foretell(String query, Steps steps) {
        return QueryCost.of(
                Parser.parse(query, Dialect.STANDARD), steps, QueryOptions.STANDARD, reader::count, 1 / 15.0);
    }

    @Test
    void foretoldCosts_areInTheOrderOfActualOnes() {
        List<Double> foretold = new ArrayList<>();
        List<Double> actual = new ArrayList<>();
        for (String query : new String[] {
            "b",
            "a_total",
            "rate(a_total[5m])",
            "rate(b[5m])",
            "sum by (g) (rate(a_total[1m]))",
            "max_over_time(rate(b[1m])[10m:1m])",
            "max_over_time(rate(a_total[5m])[10m:30s])",
            "a_total / on (i) b",
            "sum(a_total @ 600)",
            "avg_over_time(a_total{g=\"1\"}[20m]) + 1",
            "1 + 1",
            "topk(3, a_total)",
            "{__name__=~\".+\"}"
        }) {
            for (long step : new long[] {15_000, 60_000, 300_000}) {
                Steps steps = Steps.range(1_800_000, END, step);
                foretold.add(foretell(query, steps).weight());
                Result result = new Engine()
                        .range(query, Parser.parse(query, Dialect.STANDARD), reader, steps, QueryOptions.STANDARD);
                actual.add(QueryCost.weight(result.statistics()));
            }
        }

        assertThat(rankCorrelation(foretold, actual)).isGreaterThan(0.9);
    }

    private static double rankCorrelation(List<Double> left, List<Double> right) {
        double[] a = ranks(left);
        double[] b = ranks(right);
        double mean = (a.length - 1) / 2.0;
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }
        return product / Math.sqrt(squaresA * squaresB);
    }

    private static double[] ranks(List<Double> values) {
        List<Integer> order = IntStream.range(0, values.size())
                .boxed()
                .sorted(Comparator.comparing(values::get))
                .toList();
        double[] ranks = new double[values.size()];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[order.get(rank)] = rank;
        }
        return ranks;
    }

    @Test
    void hints_nameWhatIsDear() {
        Steps steps = Steps.range(0, END, 15_000);
        for (String[] expected :
                new String[][] {{"{i=~\".+\"}", "unbounded-matcher"}, {"sum(rate(a_total[30m]))", "record-expression"}
                }) {
            Expr expr = Parser.parse(expected[0], Dialect.STANDARD);
            for (int i = 0; i < 100; i++) {
                reader.append(Labels.of("__name__", "c" + i, "i", "x"), 0, 1);
            }
            List<QueryHint> hints = QueryHint.of(expr, foretell(expected[0], steps), steps, 30);
            assertThat(hints).extracting(QueryHint::kind).contains(expected[1]);
            assertThat(hints).allSatisfy(hint -> assertThat(hint.gain()).isBetween(0.1, 1.0));
        }
        assertThat(QueryHint.of(Parser.parse("b", Dialect.STANDARD), foretell("b", steps), steps, 1000))
                .isEmpty();
    }
}
