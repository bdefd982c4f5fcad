package io.auspex.promql.rest;

import io.auspex.promql.boundary.Queries;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;

/**
 * {@code /api/v1/status/{buildinfo,runtimeinfo,flags,config,walreplay}}: by which clients, Grafana among them, tell what a data source
 * can do.
 *
 * <p>The version is that of Prometheus whose language and API this is; {@code application} says who answers. Members
 * keep the names of the reference, also where ours is another runtime.
 */
@WebServlet(
        name = "promqlStatus",
        urlPatterns = {
            "/api/v1/status/buildinfo",
            "/api/v1/status/runtimeinfo",
            "/api/v1/status/flags",
            "/api/v1/status/config",
            "/api/v1/status/walreplay"
        })
public class StatusServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return false;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        Map<String, String> flags = queries.flags();
        String path = request.getServletPath();
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "flags" -> Answer.of(json -> texts(flags, json));
            case "runtimeinfo" -> Answer.of(this::runtime);
            case "config" -> Answer.of(json -> texts(Map.of("yaml", queries.configuration()), json));
            case "walreplay" -> Answer.of(StatusServlet::replay);
            default -> Answer.of(StatusServlet::build);
        };
    }

    /** Requests are taken after the log was replayed, so nothing is left of it. */
    private static void replay(JsonWriter json) throws IOException {
        json.beginObject()
                .name("min")
                .number(0)
                .name("max")
                .number(0)
                .name("current")
                .number(0)
                .endObject();
    }

    private static void texts(Map<String, String> texts, JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.name(text.getKey()).string(text.getValue());
        }
        json.endObject();
    }

    static void build(JsonWriter json) throws IOException {
        json.beginObject()
                .name("application")
                .string("Auspex")
                .name("version")
                .string(Queries.LANGUAGE_VERSION)
                .name("revision")
                .string("")
                .name("branch")
                .string("")
                .name("buildUser")
                .string("")
                .name("buildDate")
                .string("")
                .name("goVersion")
                .string("")
                .endObject();
    }

    private void runtime(JsonWriter json) throws IOException {
        Instant start =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        json.beginObject()
                .name("startTime")
                .string(start.toString())
                .name("serverTime")
                .string(clock.instant().toString())
                .name("goroutineCount")
                .number(ManagementFactory.getThreadMXBean().getThreadCount())
                .name("GOMAXPROCS")
                .number(Runtime.getRuntime().availableProcessors())
                .name("GOMEMLIMIT")
                .number(Runtime.getRuntime().maxMemory())
                .endObject();
    }
}
