package io.auspex.series.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Versions;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.Tier;
import io.auspex.series.boundary.RetentionControl;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For how long the tenant keeps what. Changes name the version they were made on, by {@code If-Match}. */
@RequestScoped
@Path("v1/performance/retention")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class RetentionResource {
    @Inject
    RetentionControl control;

    /** A class of metrics; a tier that is not named is kept for its default time. */
    public record ClassBody(
            @Nullable String name,
            @Nullable String metrics,
            @Nullable Map<String, @Nullable Integer> days) {
        RetentionPolicy.MetricClass metricClass() {
            Map<Tier, Integer> byTier = new EnumMap<>(Tier.class);
            if (days != null) {
                days.forEach((label, value) -> byTier.put(
                        Tier.of(label)
                                .orElseThrow(() -> new AuspexException(
                                        Code.BAD_REQUEST,
                                        "days of class " + name + ": there is no tier \"" + label
                                                + "\", but raw, 1m, 5m, 1h and 1d")),
                        Bodies.required(value, "days of tier " + label)));
            }
            return new RetentionPolicy.MetricClass(
                    Bodies.required(name, "name of a class"), Bodies.required(metrics, "metrics of a class"), byTier);
        }
    }

    /** The classes in the order in which they are asked; the last one is "default". */
    public record PolicyBody(@Nullable List<ClassBody> classes) {
        RetentionPolicy policy(int version) {
            List<RetentionPolicy.MetricClass> all = new ArrayList<>();
            for (ClassBody each : Bodies.required(classes, "classes")) {
                all.add(Bodies.required(each, "a class").metricClass());
            }
            return new RetentionPolicy(all, version);
        }
    }

    /** A class as the API shows it. */
    public record ClassView(String name, String metrics, Map<String, Integer> days) {
        static ClassView of(RetentionPolicy.MetricClass metricClass) {
            Map<String, Integer> days = new LinkedHashMap<>();
            for (Tier tier : Tier.values()) {
                days.put(tier.label(), metricClass.days(tier));
            }
            return new ClassView(metricClass.name(), metricClass.metrics(), days);
        }
    }

    /** The policy as the API shows it; version 0 is the default one. */
    public record PolicyView(List<ClassView> classes, int version) {
        static PolicyView of(RetentionPolicy policy) {
            return new PolicyView(policy.classes().stream().map(ClassView::of).toList(), policy.version());
        }
    }

    @GET
    public Response get() {
        return answer(control.policy());
    }

    @PUT
    public Response put(@HeaderParam("If-Match") @Nullable String ifMatch, @Nullable PolicyBody body) {
        control.authorize();
        int version = Versions.required(ifMatch);
        return answer(control.save(Bodies.required(body, "a body").policy(version)));
    }

    private static Response answer(RetentionPolicy policy) {
        return Response.ok(PolicyView.of(policy))
                .tag(Versions.tag(policy.version()))
                .build();
    }
}
