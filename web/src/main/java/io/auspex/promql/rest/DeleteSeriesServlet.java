package io.auspex.promql.rest;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;

/** {@code /api/v1/admin/tsdb/delete_series}: deletes samples of series, which can be undone for a while. */
@WebServlet(name = "promqlDeleteSeries", urlPatterns = "/api/v1/admin/tsdb/delete_series")
public class DeleteSeriesServlet extends TsdbAdminServlet {
    private static final long serialVersionUID = 1L;

    @Override
    void run(Parameters parameters, HttpServletResponse response) {
        delete(parameters, parameters.all("match[]"), response);
    }
}
