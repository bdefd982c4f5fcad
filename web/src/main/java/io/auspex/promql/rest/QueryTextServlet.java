package io.auspex.promql.rest;

import io.auspex.promql.Expr;
import io.auspex.promql.Printer;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;

/** {@code /api/v1/format_query} and {@code /api/v1/parse_query}: a query as formatted text, and as its tree. */
@WebServlet(
        name = "promqlText",
        urlPatterns = {"/api/v1/format_query", "/api/v1/parse_query"})
public class QueryTextServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return true;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        Expr expr = queries.parse(parameters.text("query"));
        if (request.getServletPath().endsWith("/format_query")) {
            return Answer.of(json -> json.string(Printer.pretty(expr)));
        }
        ExprJson.check(expr);
        return Answer.of(json -> ExprJson.write(expr, json));
    }
}
