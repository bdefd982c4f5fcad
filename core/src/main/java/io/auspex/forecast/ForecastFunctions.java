package io.auspex.forecast;

import io.auspex.promql.Function;
import io.auspex.promql.FunctionCall;
import io.auspex.promql.FunctionPack;
import io.auspex.promql.QueryException;
import io.auspex.promql.RangeKernel;
import io.auspex.promql.SeriesColumn;
import io.auspex.promql.ValueType;
import io.auspex.promql.Window;
import io.auspex.series.SampleColumn;
import java.util.List;

/**
 * {@code forecast(v[d], h)}, {@code forecast_lower} and {@code forecast_upper}: what is expected of a series {@code h}
 * seconds after the end of its history, and the band that holds nineteen of twenty values.
 *
 * <p>The history is the window; the answer is the last step of the forecast that the REST engine makes of the same
 * samples over the same horizon. A window with too little history has no value.
 */
public final class ForecastFunctions implements FunctionPack {
    private static final double MAX_SECONDS = 365 * 86_400.0;

    /** What a forecast says of each of its steps. */
    private interface Edge {
        double[] of(Forecast forecast);
    }

    @Override
    public List<Entry> functions() {
        return List.of(
                entry("forecast", Forecast::median),
                entry("forecast_lower", Forecast::lower95),
                entry("forecast_upper", Forecast::upper95));
    }

    private static Entry entry(String name, Edge edge) {
        Function signature =
                new Function(name, List.of(ValueType.MATRIX, ValueType.SCALAR), 0, ValueType.VECTOR, false);
        return new Entry(signature, call -> new Kernel(call, edge));
    }

    private static final class Kernel implements RangeKernel {
        private final FunctionCall call;
        private final Edge edge;
        private final double[] seconds;
        private final SampleColumn samples = new SampleColumn();

        Kernel(FunctionCall call, Edge edge) {
            this.call = call;
            this.edge = edge;
            this.seconds = call.scalar(1);
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            double ahead = seconds[step];
            if (!(ahead > 0 && ahead <= MAX_SECONDS)) {
                throw QueryException.execution("the horizon of a forecast must be more than 0 and at most 365d");
            }
            call.check();
            samples.clear();
            for (int i = 0; i < window.floatCount(); i++) {
                if (Double.isFinite(window.value(i))) {
                    samples.append(window.floatTime(i), window.value(i));
                }
            }
            long horizon = (long) (ahead * 1000);
            TimeGrid grid = SeriesForecast.grid(samples, SeriesForecast.step(samples, horizon));
            SeriesForecast.of(grid, horizon).ifPresent(made -> {
                double[] values = edge.of(made.forecast());
                result.set(step, values[values.length - 1]);
            });
        }
    }
}
