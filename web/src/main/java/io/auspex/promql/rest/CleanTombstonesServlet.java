package io.auspex.promql.rest;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;

/** {@code /api/v1/admin/tsdb/clean_tombstones}: erases now what was deleted and can no longer be undone. */
@WebServlet(name = "promqlCleanTombstones", urlPatterns = "/api/v1/admin/tsdb/clean_tombstones")
public class CleanTombstonesServlet extends TsdbAdminServlet {
    private static final long serialVersionUID = 1L;

    @Override
    void run(Parameters parameters, HttpServletResponse response) {
        deletion.clean();
    }
}
