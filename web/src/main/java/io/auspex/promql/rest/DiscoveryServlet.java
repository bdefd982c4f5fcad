package io.auspex.promql.rest;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * What a Prometheus evaluates and notifies: rules, alerts, Alertmanagers and notifications. This server does none of it,
 * so all lists are empty, in the reference's shapes and with its checks of parameters; clients ask for them to tell what
 * a data source can do.
 */
@WebServlet(
        name = "promqlDiscovery",
        urlPatterns = {"/api/v1/alertmanagers", "/api/v1/rules", "/api/v1/alerts", "/api/v1/notifications"})
public class DiscoveryServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    private static final Set<String> TRUTHS =
            Set.of("", "1", "t", "true", "T", "TRUE", "True", "0", "f", "false", "F", "FALSE", "False");

    @Override
    boolean acceptsPost() {
        return false;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        queries.permit();
        String path = request.getServletPath();
        return switch (path.substring(path.lastIndexOf("/v1/") + 4)) {
            case "alertmanagers" -> Answer.of(json -> lists(json, "activeAlertmanagers", "droppedAlertmanagers"));
            case "rules" -> rules(parameters);
            case "alerts" -> Answer.of(json -> lists(json, "alerts"));
            default -> Answer.of(json -> json.beginArray().endArray());
        };
    }

    private static Answer rules(Parameters parameters) {
        String type = parameters.text("type").toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
            throw Parameters.invalid("type", "not supported value \"" + type + "\"");
        }
        String exclude = parameters.text("exclude_alerts");
        if (!TRUTHS.contains(exclude)) {
            throw Parameters.invalid(
                    "exclude_alerts",
                    "error converting exclude_alerts: strconv.ParseBool: parsing \"" + exclude + "\": invalid syntax");
        }
        parameters.selectors("match[]");
        String token = parameters.text("group_next_token");
        if (parameters.has("group_limit")) {
            if (parameters.number(
                            "group_limit",
                            "invalid parameter \"group_limit\": group_limit needs to be a valid number",
                            0)
                    <= 0) {
                throw Parameters.invalid("group_limit", "group_limit needs to be greater than 0");
            }
        } else if (!token.isEmpty()) {
            throw Parameters.invalid(
                    "group_limit", "group_limit needs to be present in order to paginate over the groups");
        }
        if (!token.isEmpty()) {
            throw Parameters.invalid(
                    "group_next_token", "invalid group_next_token '" + token + "'. were rule groups changed?");
        }
        return Answer.of(json -> lists(json, "groups"));
    }

    private static void lists(JsonWriter json, String... names) throws IOException {
        json.beginObject();
        for (String name : names) {
            list(name, json);
        }
        json.endObject();
    }

    private static void list(String name, JsonWriter json) throws IOException {
        json.name(name).beginArray().endArray();
    }
}
