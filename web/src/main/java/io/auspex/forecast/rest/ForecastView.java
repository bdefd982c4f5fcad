package io.auspex.forecast.rest;

import io.auspex.forecast.Forecast;
import io.auspex.forecast.IssuedForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A forecast as the API shows it.
 *
 * @param model the member that counts most
 * @param reason why: the pool's error at past origins beside that of repeating the last period
 * @param points empty in lists
 */
public record ForecastView(
        long id,
        String query,
        Map<String, String> labels,
        String issuedAt,
        String start,
        double stepSeconds,
        String model,
        List<Weight> weights,
        @Nullable Double backTestMase,
        @Nullable Double naiveMase,
        String reason,
        List<Point> points) {
    /** @param backTestError mean absolute error at past origins, in the unit of the series */
    public record Weight(String model, double share, double backTestError) {}

    /** One step: its time, the median and two bands. */
    public record Point(String time, double median, double lower80, double upper80, double lower95, double upper95) {}

    static ForecastView of(IssuedForecast issued) {
        Forecast forecast = issued.forecast();
        List<Point> points = new ArrayList<>(forecast.median().length);
        for (int h = 0; h < forecast.median().length; h++) {
            points.add(new Point(
                    issued.startAt().plusMillis(h * issued.stepMillis()).toString(),
                    forecast.median()[h],
                    forecast.lower80()[h],
                    forecast.upper80()[h],
                    forecast.lower95()[h],
                    forecast.upper95()[h]));
        }
        return new ForecastView(
                issued.id(),
                issued.expression(),
                issued.labels().toMap(),
                issued.issuedAt().toString(),
                issued.startAt().toString(),
                issued.stepMillis() / 1000.0,
                forecast.leader(),
                forecast.weights().stream()
                        .map(weight -> new Weight(weight.forecaster(), weight.share(), weight.backTestError()))
                        .toList(),
                finite(forecast.backTestMase()),
                finite(forecast.naiveMase()),
                reason(forecast),
                points);
    }

    private static String reason(Forecast forecast) {
        if (Double.isNaN(forecast.backTestMase())) {
            return "the history never changes";
        }
        return String.format(
                java.util.Locale.ROOT,
                "%s counts %.0f %%; at past origins the pool had a MASE of %.3f, repeating the last period %.3f",
                forecast.leader(),
                100 * forecast.weights().get(0).share(),
                forecast.backTestMase(),
                forecast.naiveMase());
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
