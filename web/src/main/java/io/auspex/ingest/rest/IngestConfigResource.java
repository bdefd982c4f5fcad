package io.auspex.ingest.rest;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.boundary.IngestControl;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Versions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the tenant has set for its samples. Changes name the version they were made on, by {@code If-Match}. */
@RequestScoped
@Path("v1/ingest/config")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class IngestConfigResource {
    @Inject
    IngestControl control;

    /** The settings; absent and 0 leave one to the node. */
    public record ConfigBody(
            @Nullable Integer activeSeries,
            @Nullable Integer seriesPerMetric,
            @Nullable Integer samplesPerSecond,
            @Nullable List<String> otlpPromote,
            @Nullable List<String> influxPromote,
            @Nullable String relabel,
            @Nullable String scrape) {
        IngestConfig config(int version) {
            return new IngestConfig(
                    number(activeSeries),
                    number(seriesPerMetric),
                    number(samplesPerSecond),
                    names(otlpPromote),
                    names(influxPromote),
                    relabel == null ? "" : relabel,
                    scrape == null ? "" : scrape,
                    version);
        }

        private static Set<String> names(@Nullable List<String> list) {
            return list == null ? Set.of() : Set.copyOf(list);
        }

        private static int number(@Nullable Integer value) {
            return value == null ? 0 : value;
        }
    }

    /** The settings as the API shows them. */
    public record ConfigView(
            int activeSeries,
            int seriesPerMetric,
            int samplesPerSecond,
            List<String> otlpPromote,
            List<String> influxPromote,
            String relabel,
            String scrape,
            int version) {
        static ConfigView of(IngestConfig config) {
            return new ConfigView(
                    config.activeSeries(),
                    config.seriesPerMetric(),
                    config.samplesPerSecond(),
                    config.otlpPromote().stream().sorted().toList(),
                    config.influxPromote().stream().sorted().toList(),
                    config.relabel(),
                    config.scrape(),
                    config.version());
        }
    }

    @GET
    public Response get() {
        return answer(control.config());
    }

    @PUT
    public Response put(@HeaderParam("If-Match") @Nullable String ifMatch, @Nullable ConfigBody body) {
        control.authorize();
        return answer(control.save(Bodies.required(body, "a body").config(Versions.required(ifMatch))));
    }

    private static Response answer(IngestConfig config) {
        return Response.ok(ConfigView.of(config))
                .tag(Versions.tag(config.version()))
                .build();
    }
}
