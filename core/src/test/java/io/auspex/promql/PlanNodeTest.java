package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PlanNodeTest {
    private static final long END = 600_000;
    private final MemorySampleReader reader = new MemorySampleReader();

    PlanNodeTest() {
        for (int i = 0; i < 6; i++) {
            for (long time = 0; time <= END; time += 15_000) {
                reader.append(Labels.of("__name__", "a_total", "i", "" + i, "job", "" + i % 2), time, time + i);
            }
            reader.append(Labels.of("__name__", "target_info", "instance", "x", "job", "" + i), END, 1);
        }
    }

    private Result run(String query, boolean plan) {
        QueryOptions standard = QueryOptions.STANDARD;
        QueryOptions options = new QueryOptions(
                Dialect.EXTENDED,
                standard.lookbackMillis(),
                standard.subqueryStepMillis(),
                false,
                standard.limits(),
                standard.guard(),
                false,
                plan);
        return new Engine().range(query, reader, 300_000, END, 60_000, options);
    }

    private List<PlanNode> parts(String query) {
        List<PlanNode> parts = new ArrayList<>();
        collect(run(query, true).plan().orElseThrow(), parts);
        return parts;
    }

    private static void collect(PlanNode node, List<PlanNode> into) {
        into.add(node);
        node.children().forEach(child -> collect(child, into));
    }

    private static String outline(PlanNode node) {
        String children = node.children().stream().map(PlanNodeTest::outline).collect(Collectors.joining(" ; "));
        return node.text() + (children.isEmpty() ? "" : " { " + children + " }");
    }

    @Test
    void parts_areTheQueryWithoutParenthesesAndLiterals() {
        assertThat(outline(run("100 * (sum by (job) (rate(a_total[1m])) / on (job) (topk(1, a_total @ 300)))", true)
                        .plan()
                        .orElseThrow()))
                .isEqualTo(
                        "100 * \u2026 { \u2026 / on (job) \u2026 { sum by (job) (\u2026) { rate(\u2026) { a_total[1m] } } ;"
                                + " topk(1, \u2026) { a_total @ 300.000 } } }");
        assertThat(outline(run("max_over_time((-a_total)[2m:30s])", true).plan().orElseThrow()))
                .isEqualTo("max_over_time(\u2026) { \u2026[2m:30s] { -\u2026 { a_total } } }");
    }

    @Test
    void times_addUp() {
        List<PlanNode> parts = parts("sum by (job) (rate(a_total[1m])) + on (job) sum by (job) (a_total)");

        assertThat(parts).hasSize(6).allSatisfy(part -> {
            assertThat(part.ownNanos()).isPositive();
            assertThat(part.nanos())
                    .isEqualTo(part.ownNanos()
                            + part.children().stream()
                                    .mapToLong(PlanNode::nanos)
                                    .sum());
        });
    }

    @Test
    void seriesAndSamples_areThoseOfEachPart() {
        List<PlanNode> parts = parts("sum by (job) (rate(a_total[1m]))");

        assertThat(parts).extracting(PlanNode::series).containsExactly(2L, 6L, 6L);
        // six series, six steps, four samples in each window
        assertThat(parts).extracting(PlanNode::samples).containsExactly(0L, 144L, 0L);
        assertThat(parts).extracting(part -> part.read().isPresent()).containsExactly(false, false, true);
        assertThat(parts("a_total").get(0).samples()).isEqualTo(36);
        assertThat(parts("a_total").get(0).peakSamples()).isEqualTo(36);
    }

    @Test
    void whatStandsAtAFixedTime_isEvaluatedOnce() {
        assertThat(parts("sum(a_total) - sum(a_total @ 300)"))
                .extracting(PlanNode::once)
                .containsExactly(false, false, false, true, false);
    }

    @Test
    void whatAFunctionReadsItself_isAPartOfIt() {
        List<PlanNode> parts = parts("info(label_replace(a_total, \"instance\", \"x\", \"\", \"\"))");

        assertThat(parts.get(0).children()).hasSize(2);
        assertThat(parts.get(0).children().get(1).text()).startsWith("{").contains("target_info");
        assertThat(parts.get(0).children().get(1).read()).isPresent();
    }

    @Test
    void result_isTheSame() {
        for (String query :
                List.of("sum by (job) (rate(a_total[1m]))", "a_total", "sum(a_total) - sum(a_total @ 300)")) {
            Result measured = run(query, true);
            Result plain = run(query, false);
            assertThat(plain.plan()).isEmpty();
            assertThat(measured.series()).hasSameSizeAs(plain.series());
            for (int i = 0; i < plain.series().size(); i++) {
                assertThat(measured.series().get(i).values())
                        .isEqualTo(plain.series().get(i).values());
            }
        }
    }
}
