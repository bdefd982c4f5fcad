package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.QueryException.ErrorType;
import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to queries that would take too much, too long, or were called off. */
final class EngineLimitsTest {
    private static final long MINUTE = 60_000;

    private final Engine engine = new Engine();
    private final MemorySampleReader samples = new MemorySampleReader();

    @BeforeEach
    void storeTenSeriesOfAnHour() {
        for (int i = 0; i < 10; i++) {
            Labels labels = Labels.of("__name__", "m", "i", "" + i);
            for (int minute = 0; minute <= 60; minute++) {
                samples.append(labels, minute * MINUTE, minute * i);
            }
        }
    }

    private Result range(String query, QueryOptions options) {
        return engine.range(query, samples, 0, 60 * MINUTE, MINUTE, options);
    }

    private static QueryOptions samplesAtMost(long limit) {
        return QueryOptions.STANDARD.with(new QueryLimits(limit, 1000, 1L << 30));
    }

    @Test
    void range_isRefused_whenItHoldsTooManySamples() {
        assertThat(range("m", samplesAtMost(610)).series()).hasSize(10);
        assertThatThrownBy(() -> range("m", samplesAtMost(609)))
                .isInstanceOf(QueryException.class)
                .hasMessage("query processing would load too many samples into memory in query execution");
    }

    @Test
    void aggregation_holdsItsGroupsOnly() {
        QueryStatistics statistics =
                range("sum(m) + sum(m) + sum(m)", QueryOptions.STANDARD).statistics();

        assertThat(statistics.peakSamples()).isBetween(2L * 61, 5L * 61);
        assertThat(statistics.totalSamples()).isEqualTo(3 * 610);
        assertThat(statistics.series()).isEqualTo(30);
    }

    @Test
    void selector_isRefused_whenItFindsTooManySeries() {
        QueryOptions options = QueryOptions.STANDARD.with(new QueryLimits(1_000_000, 9, 1L << 30));

        assertThatThrownBy(() -> range("m", options))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("more than 9 series");
    }

    @Test
    void subquery_isRefusedBeforeItsColumnsAreMade_whenTheyCannotFit() {
        QueryOptions options = QueryOptions.STANDARD.with(new QueryLimits(Long.MAX_VALUE, 1000, 1 << 20));

        assertThatThrownBy(() -> range("count_over_time(m[1h:1ms])", options))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("bytes of memory");
    }

    @Test
    void subquery_isRefused_whenItHasMoreStepsThanAnyColumn() {
        assertThatThrownBy(() -> range("count_over_time(vector(1)[100y:1ms])", QueryOptions.STANDARD))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("too many samples");
    }

    @Test
    void query_isStopped_afterItsDeadline() {
        AtomicLong clock = new AtomicLong();
        QueryOptions options = QueryOptions.STANDARD.with(new QueryGuard.Deadline(() -> clock.addAndGet(10), 35));

        assertThatThrownBy(() -> range("m", options)).satisfies(failure -> {
            QueryException query = (QueryException) failure;
            assertThat(query.type()).isEqualTo(ErrorType.TIMEOUT);
            assertThat(query.code()).isEqualTo(Code.TIMEOUT);
            assertThat(query).hasMessage("query timed out in expression evaluation");
        });
    }

    @Test
    void query_isStopped_whenItIsCanceled() {
        QueryGuard.Deadline guard = new QueryGuard.Deadline(() -> 0, Long.MAX_VALUE);
        guard.cancel();

        assertThatThrownBy(() -> range("m", QueryOptions.STANDARD.with(guard))).satisfies(failure -> {
            assertThat(((QueryException) failure).type()).isEqualTo(ErrorType.CANCELED);
            assertThat(failure).hasMessage("query was canceled in expression evaluation");
        });
    }

    @Test
    void oneLongColumn_isStopped_betweenItsSteps() {
        long[] asked = new long[1];
        QueryGuard guard = () -> ++asked[0] > 5 ? QueryGuard.Verdict.TIMED_OUT : QueryGuard.Verdict.GO_ON;
        MemorySampleReader one = new MemorySampleReader();
        for (int i = 0; i < 20_000; i++) {
            one.append(Labels.of("__name__", "m"), i * 1000L, i);
        }

        assertThatThrownBy(() -> engine.range(
                        "sum_over_time(m[5h])", one, 0, 20_000_000, 1000, QueryOptions.STANDARD.with(guard)))
                .hasMessageContaining("timed out");
    }

    @Test
    void remarks_areMadeOnce_forTheSameAtEachStep() {
        Result result =
                engine.range("histogram_quantile(2, absent_metric)", samples, 0, 1_000_000, 1, QueryOptions.STANDARD);

        assertThat(result.warnings())
                .containsExactly("PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)");
    }

    @Test
    void query_isStopped_whileItMakesRemarks() {
        long[] asked = new long[1];
        QueryGuard guard = () -> ++asked[0] > 5 ? QueryGuard.Verdict.TIMED_OUT : QueryGuard.Verdict.GO_ON;

        assertThatThrownBy(() -> engine.range(
                        "quantile(-time(), absent_metric)",
                        samples,
                        1,
                        1_000_000,
                        1,
                        QueryOptions.STANDARD.with(guard)))
                .hasMessageContaining("timed out");
    }

    @Test
    void range_isRefused_whenItsValueIsNoVector() {
        assertThatThrownBy(() -> range("m[5m]", QueryOptions.STANDARD))
                .isInstanceOf(AuspexException.class)
                .hasMessage(
                        "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector");
    }

    @Test
    void annotations_nameTheirPlace() {
        Result result = range("rate(m[5m]) + 0", QueryOptions.STANDARD);

        assertThat(result.infos())
                .containsExactly("PromQL info: metric might not be a counter, name does not end in"
                        + " _total/_sum/_count/_bucket: \"m\" (1:6)");
    }
}
