package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.util.SortedSet;

/** {@code /api/v1/labels}: the names of labels. */
@WebServlet(name = "promqlLabels", urlPatterns = "/api/v1/labels")
public class LabelsServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return true;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.limit();
        return names(queries.labelNames(SeriesServlet.request(parameters)), limit);
    }

    /** A list of texts, cut to a limit. */
    static Answer names(SortedSet<String> names, int limit) {
        return Answer.limited(
                json -> {
                    json.beginArray();
                    int left = limit == 0 ? Integer.MAX_VALUE : limit;
                    for (String name : names) {
                        if (left-- == 0) {
                            break;
                        }
                        json.string(name);
                    }
                    json.endArray();
                },
                ResultJson.isTruncated(names.size(), limit));
    }

    /** {@code /api/v1/label/{name}/values}: the values of one label. */
    @WebServlet(name = "promqlLabelValues", urlPatterns = "/api/v1/label/*")
    public static class Values extends PrometheusServlet {
        private static final long serialVersionUID = 1L;
        private static final String TAIL = "/values";

        @Override
        boolean acceptsPost() {
            return false;
        }

        @Override
        Answer answer(HttpServletRequest request, Parameters parameters) {
            String path = request.getPathInfo() == null ? "" : request.getPathInfo();
            if (!path.endsWith(TAIL) || path.length() <= TAIL.length()) {
                throw new AuspexException(
                        Code.NOT_FOUND, "there is no such endpoint; ask for /api/v1/label/{name}/values");
            }
            String name = path.substring(1, path.length() - TAIL.length());
            String label = Parameters.labelName(name)
                    .orElseThrow(() -> new AuspexException(Code.BAD_DATA, "invalid label name: \"\""));
            int limit = parameters.limit();
            return names(queries.labelValues(label, SeriesServlet.request(parameters)), limit);
        }
    }
}
