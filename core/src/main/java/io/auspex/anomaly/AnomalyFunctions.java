package io.auspex.anomaly;

import io.auspex.promql.Function;
import io.auspex.promql.FunctionCall;
import io.auspex.promql.FunctionPack;
import io.auspex.promql.QueryException;
import io.auspex.promql.RangeKernel;
import io.auspex.promql.SeriesColumn;
import io.auspex.promql.ValueType;
import io.auspex.promql.Window;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * {@code anomaly_score(v[d])}: how odd the newest sample of a window is after the others, and {@code
 * season_baseline(v[d])}: which value was expected of it.
 *
 * <p>The answer is the judgement of the last sample that the REST engine makes of the same samples with the method
 * {@code ensemble}. A score is minus the decadic logarithm of a probability, 0 while there is too little history; an
 * expectation is absent then.
 */
public final class AnomalyFunctions implements FunctionPack {
    /** Samples of a window at most: what is judged in well under a second. */
    public static final int MAX_POINTS = 11_000;

    @Override
    public List<Entry> functions() {
        return List.of(entry("anomaly_score", Score::score), entry("season_baseline", Score::expected));
    }

    private static Entry entry(String name, ToDoubleFunction<Score> answer) {
        Function signature = new Function(name, List.of(ValueType.MATRIX), 0, ValueType.VECTOR, false);
        return new Entry(signature, call -> new Kernel(call, answer));
    }

    private static final class Kernel implements RangeKernel {
        private final FunctionCall call;
        private final ToDoubleFunction<Score> answer;

        Kernel(FunctionCall call, ToDoubleFunction<Score> answer) {
            this.call = call;
            this.answer = answer;
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            call.check();
            int n = 0;
            for (int i = 0; i < window.floatCount(); i++) {
                n += Double.isFinite(window.value(i)) ? 1 : 0;
            }
            if (n == 0) {
                return;
            }
            if (n > MAX_POINTS) {
                throw QueryException.execution("a window that is judged has at most " + MAX_POINTS + " samples, got "
                        + n + "; use a shorter range or a subquery with a longer step");
            }
            long[] times = new long[n];
            double[] values = new double[n];
            int at = 0;
            for (int i = 0; i < window.floatCount(); i++) {
                if (Double.isFinite(window.value(i))) {
                    times[at] = window.floatTime(i);
                    values[at++] = window.value(i);
                }
            }
            List<Score> scores = BatchDetection.judge(times, values, n - 1, n / 2, DetectorRule.Method.ENSEMBLE);
            double value = answer.applyAsDouble(scores.get(0));
            if (!Double.isNaN(value)) {
                result.set(step, value);
            }
        }
    }
}
