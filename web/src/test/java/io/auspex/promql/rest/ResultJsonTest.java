package io.auspex.promql.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.promql.Dialect;
import io.auspex.promql.Engine;
import io.auspex.promql.Parser;
import io.auspex.promql.QueryGuard;
import io.auspex.promql.QueryLimits;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.promql.boundary.QueryOutcome;
import io.auspex.promql.boundary.QueryRequest;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ResultJsonTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "a\"b");
    private static final NativeHistogram HISTOGRAM = new NativeHistogram(
            0,
            10,
            -1.5,
            0.25,
            2,
            1,
            new double[] {3, 0, 1},
            0,
            new double[] {4},
            new double[0],
            NativeHistogram.ResetHint.UNKNOWN);

    private final FakeReader reader = new FakeReader()
            .with(UP, 0, 1)
            .with(UP, 1500, 2.5)
            .with(Labels.of("__name__", "hist"), 0, HISTOGRAM)
            .with(Labels.of("__name__", "hist"), 1000, 7);

    private String instant(String query, int limit) {
        Result result = new Engine().instant(query, reader, 1500, QueryOptions.STANDARD);
        return Written.by(QueryServlet.answer(result, 1500, limit, Optional.empty())::write);
    }

    private String range(String query) {
        Result result = new Engine().range(query, reader, 0, 2000, 1000, QueryOptions.STANDARD);
        return Written.by(QueryServlet.answer(result, 2000, 0, Optional.empty())::write);
    }

    @Test
    void scalar_answersTheHealthCheckOfDataSources() {
        assertThat(instant("1+1", 0))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1.500,\"2\"]}}");
    }

    @Test
    void string_isAPair() {
        assertThat(instant("'x'", 0))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1.500,\"x\"]}}");
    }

    @Test
    void vector_hasOneValuePerSeries() {
        assertThat(instant("up", 0))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                        + "{\"metric\":{\"__name__\":\"up\",\"job\":\"a\\\"b\"},\"value\":[1.500,\"2.5\"]}]}}");
        assertThat(instant("absent_one", 0)).contains("\"result\":[]");
    }

    @Test
    void vector_isCutToTheLimit_withAWarning() {
        assertThat(instant("{__name__=~'up|hist'}", 1))
                .contains("\"warnings\":[\"results truncated due to limit\"]")
                .containsOnlyOnce("\"metric\"");
        assertThat(instant("{__name__=~'up|hist'}", 2)).doesNotContain("warnings");
    }

    @Test
    void matrix_separatesValuesAndHistograms() {
        String histogram = "{\"count\":\"10\",\"sum\":\"-1.5\",\"buckets\":["
                + "[1,\"-1\",\"-0.5\",\"4\"],[3,\"-0.25\",\"0.25\",\"2\"],[0,\"1\",\"2\",\"3\"],[0,\"4\",\"8\",\"1\"]]}";
        assertThat(range("hist"))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                        + "{\"metric\":{\"__name__\":\"hist\"},\"values\":[[1,\"7\"],[2,\"7\"]],\"histograms\":[[0,"
                        + histogram + "]]}]}}");
    }

    @Test
    void matrix_ofAnInstantQuery_keepsTheTimesOfSamples() {
        assertThat(instant("up[5s]", 0)).contains("\"resultType\":\"matrix\"").contains("[[0,\"1\"],[1.500,\"2.5\"]]");
    }

    @Test
    void infos_standInTheEnvelope() {
        assertThat(instant("rate(up[5s])", 0)).contains("\"infos\":[\"PromQL info: metric might not be a counter");
    }

    @Test
    void stats_areGiven_whenAskedFor() {
        assertThat(stats(false))
                .contains("\"execQueueTime\":0.001,\"execTotalTime\":0.0035")
                .contains("\"samples\":{\"totalQueryableSamples\":4,\"peakSamples\":");
    }

    @Test
    void stats_tellEachStep_whenAllIsAskedFor() {
        // windows of two seconds at 0, 1 and 2 s over samples at 0 and 1.5 s
        assertThat(stats(true)).contains("\"totalQueryableSamplesPerStep\":[[0,1],[1,1],[2,1]],\"total");
    }

    private String stats(boolean perStep) {
        String query = "sum_over_time(up[2s])" + (perStep ? "" : " + up @ 0");
        QueryRequest request = new QueryRequest(query, 0, 2000, 1000, OptionalLong.empty(), OptionalLong.empty())
                .withSamplesPerStep(perStep);
        QueryOptions options = new QueryOptions(
                Dialect.STANDARD, 300_000, 60_000, false, QueryLimits.STANDARD, QueryGuard.NONE, perStep, false);
        Result result = new Engine().range(query, reader, 0, 2000, 1000, options);
        return Written.by(
                json -> QueryStatsJson.write(request, new QueryOutcome(result, 1_000_000, 500_000, 2_000_000), json));
    }

    @Test
    void tree_hasTheShapeOfTheReference() {
        assertThat(tree("sum by (job) (rate(up{job!=\"x\"}[5m] offset 1m)) > bool on () group_left (a) -foo @ end()"))
                .isEqualTo("{\"type\":\"binaryExpr\",\"op\":\">\",\"lhs\":{\"type\":\"aggregation\",\"op\":\"sum\","
                        + "\"expr\":{\"type\":\"call\",\"func\":{\"name\":\"rate\",\"argTypes\":[\"matrix\"],"
                        + "\"variadic\":0,\"returnType\":\"vector\"},\"args\":[{\"type\":\"matrixSelector\",\"name\":\"up\","
                        + "\"matchers\":[{\"name\":\"job\",\"value\":\"x\",\"type\":\"!=\"},"
                        + "{\"name\":\"__name__\",\"value\":\"up\",\"type\":\"=\"}],\"offset\":60000,\"timestamp\":null,"
                        + "\"startOrEnd\":null,\"range\":300000}]},\"param\":null,\"grouping\":[\"job\"],\"without\":false},"
                        + "\"rhs\":{\"type\":\"unaryExpr\",\"op\":\"-\",\"expr\":{\"type\":\"vectorSelector\",\"name\":\"foo\","
                        + "\"matchers\":[{\"name\":\"__name__\",\"value\":\"foo\",\"type\":\"=\"}],\"offset\":0,"
                        + "\"timestamp\":null,\"startOrEnd\":\"end\"}},\"matching\":{\"card\":\"many-to-one\",\"labels\":[],"
                        + "\"on\":true,\"include\":[\"a\"]},\"bool\":true}");
        assertThat(tree("(topk(1, a))[5m:] @ 2"))
                .contains("\"range\":300000,\"step\":0,\"offset\":0,\"timestamp\":2000,\"startOrEnd\":null")
                .contains("\"param\":{\"type\":\"numberLiteral\",\"val\":\"1\"}");
    }

    private static String tree(String query) {
        return Written.by(json -> ExprJson.write(Parser.parse(query, Dialect.STANDARD), json));
    }
}
