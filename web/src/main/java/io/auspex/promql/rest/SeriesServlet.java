package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.boundary.SeriesRequest;
import io.auspex.series.Labels;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.util.SortedSet;

/** {@code /api/v1/series}: the label sets of series that match selectors. */
@WebServlet(name = "promqlSeries", urlPatterns = "/api/v1/series")
public class SeriesServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return true;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.limit();
        SeriesRequest wanted = request(parameters);
        if (parameters.matchers().isEmpty()) {
            throw new AuspexException(Code.BAD_DATA, "no match[] parameter provided");
        }
        SortedSet<Labels> series = queries.series(wanted);
        return Answer.limited(
                json -> {
                    json.beginArray();
                    int left = limit == 0 ? Integer.MAX_VALUE : limit;
                    for (Labels labels : series) {
                        if (left-- == 0) {
                            break;
                        }
                        ResultJson.labels(labels, json);
                    }
                    json.endArray();
                },
                ResultJson.isTruncated(series.size(), limit));
    }

    /** The selectors and range of a look at labels; without times, of all times. */
    static SeriesRequest request(Parameters parameters) {
        long start = parameters.time("start", Parameters.MIN_MILLIS);
        long end = parameters.time("end", Parameters.MAX_MILLIS);
        if (end < start) {
            throw Parameters.invalid("end", "end timestamp must not be before start time");
        }
        return new SeriesRequest(parameters.matchers(), start, end);
    }
}
