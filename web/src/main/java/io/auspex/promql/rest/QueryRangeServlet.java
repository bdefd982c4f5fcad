package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.boundary.QueryRequest;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;

/** {@code /api/v1/query_range}: the values of a query over a range of time. */
@WebServlet(name = "promqlQueryRange", urlPatterns = "/api/v1/query_range")
public class QueryRangeServlet extends QueryServlet {
    private static final long serialVersionUID = 1L;

    /** The reference's bound: enough for a minute's resolution over a week, or an hour's over a year. */
    private static final long MAX_STEPS = 11_000;

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.limit();
        return run(request(parameters), limit, parameters.text("stats"));
    }

    static QueryRequest request(Parameters parameters) {
        return range(parameters.text("query"), parameters);
    }

    static QueryRequest range(String query, Parameters parameters) {
        long start = parameters.time("start");
        long end = parameters.time("end");
        if (end < start) {
            throw Parameters.invalid("end", "end timestamp must not be before start time");
        }
        long step = parameters.duration("step");
        if (step <= 0) {
            throw Parameters.invalid(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if ((end - start) / step > MAX_STEPS) {
            throw new AuspexException(
                    Code.BAD_DATA,
                    "exceeded maximum resolution of 11,000 points per timeseries."
                            + " Try decreasing the query resolution (?step=XX)");
        }
        return new QueryRequest(
                query,
                start,
                end,
                step,
                parameters.optionalDuration("timeout"),
                parameters.optionalDuration("lookback_delta"));
    }
}
