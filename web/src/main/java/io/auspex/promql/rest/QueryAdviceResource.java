package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.promql.Printer;
import io.auspex.promql.QueryHint;
import io.auspex.promql.boundary.Queries;
import io.auspex.promql.boundary.QueryAdvisor;
import io.auspex.promql.boundary.QueryRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What queries cost, foretold and as it was, and how they would cost less. */
@RequestScoped
@Path("v1/performance/query")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class QueryAdviceResource {
    private static final int MOST = 1_000;

    @Inject
    QueryAdvisor advisor;

    @Inject
    Queries queries;

    @Inject
    Clock clock;

    /**
     * The query to be advised on: at {@code start} (default now), or over a range when {@code step} is given. Times
     * and durations as in the query API.
     *
     * @param dryRun whether to run it as well, to hold the forecast against
     */
    public record Request(
            @Nullable String query,
            @Nullable JsonValue start,
            @Nullable JsonValue end,
            @Nullable JsonValue step,
            @Nullable Boolean dryRun) {}

    /** One selector of the query and how many series it matches. */
    public record SelectorView(String selector, int series, double rangeSeconds) {}

    /** A cost: samples touched over all steps, series read, and the time it takes. */
    public record CostView(double samples, long series, double seconds) {
        static CostView of(QueryAdvisor.Actual actual) {
            return new CostView(
                    actual.statistics().totalSamples(), actual.statistics().series(), actual.seconds());
        }
    }

    /**
     * A hint.
     *
     * @param checked what the check cost, after a dry run
     */
    public record HintView(
            String kind,
            String text,
            double gain,
            String check,
            @Nullable RemainingView checked) {
        static HintView of(QueryAdvisor.Hint given) {
            QueryHint hint = given.hint();
            return new HintView(
                    hint.kind(),
                    hint.text(),
                    hint.gain(),
                    hint.check(),
                    given.checked()
                            .map(actual -> new RemainingView(
                                    actual.statistics().totalSamples(), actual.resultSeries(), actual.seconds()))
                            .orElse(null));
        }
    }

    /** What a run touched and how many series it answered with. */
    public record RemainingView(long samples, int resultSeries, double seconds) {
        static RemainingView of(QueryAdvisor.Cost cost) {
            return new RemainingView(cost.samples(), cost.resultSeries(), cost.seconds());
        }
    }

    /** A hint that was given before, and what the latest dry run showed of it. */
    public record GivenView(
            String query,
            boolean range,
            String kind,
            String text,
            double gain,
            String check,
            Instant firstAt,
            Instant lastAt,
            int times,
            @Nullable Instant checkedAt,
            @Nullable RemainingView actual,
            @Nullable RemainingView checked) {
        static GivenView of(QueryAdvisor.Given given) {
            return new GivenView(
                    given.query(),
                    given.range(),
                    given.hint().kind(),
                    given.hint().text(),
                    given.hint().gain(),
                    given.hint().check(),
                    given.firstAt(),
                    given.lastAt(),
                    given.times(),
                    given.checkedAt().orElse(null),
                    given.actual().map(RemainingView::of).orElse(null),
                    given.remaining().map(RemainingView::of).orElse(null));
        }
    }

    /** The advice. */
    public record Advice(
            String query,
            CostView foretold,
            @Nullable CostView actual,
            long resultSeries,
            long executionsLastDay,
            List<SelectorView> selectors,
            List<HintView> hints) {
        static Advice of(QueryAdvisor.Advice given) {
            return new Advice(
                    given.query(),
                    new CostView(given.foretold().samples(), given.foretold().series(), given.seconds()),
                    given.actual().map(CostView::of).orElse(null),
                    given.foretold().resultSeries(),
                    given.executions(),
                    given.foretold().selectors().stream()
                            .map(one -> new SelectorView(
                                    Printer.line(one.selector()), one.series(), one.rangeMillis() / 1000.0))
                            .toList(),
                    given.hints().stream().map(HintView::of).toList());
        }
    }

    @POST
    @Path("advise")
    public Advice advise(@Nullable Request body) {
        Request wanted = Bodies.required(body, "a body");
        return Advice.of(advisor.advise(request(wanted), Boolean.TRUE.equals(wanted.dryRun())));
    }

    /** Runs a query and tells what it cost, by phase, by tier and by part, without its result. */
    @POST
    @Path("explain")
    public QueryExplanation explain(@Nullable Request body) {
        QueryRequest request = request(Bodies.required(body, "a body"));
        return QueryExplanation.of(request, queries.outcome(request.withPlan()));
    }

    private QueryRequest request(Request wanted) {
        Map<String, String[]> values = new HashMap<>();
        put("start", wanted.start(), values);
        put("end", wanted.end(), values);
        put("step", wanted.step(), values);
        String query = Bodies.required(wanted.query(), "query");
        Parameters parameters = new Parameters(values);
        return parameters.has("step")
                ? QueryRangeServlet.range(query, parameters)
                : QueryRequest.instant(
                        query, parameters.time("start", clock.millis()), OptionalLong.empty(), OptionalLong.empty());
    }

    private static void put(String name, @Nullable JsonValue value, Map<String, String[]> values) {
        if (value != null && value != JsonValue.NULL) {
            values.put(name, new String[] {value instanceof JsonString text ? text.getString() : value.toString()});
        }
    }

    /** Hints that were given, the latest first. */
    @GET
    @Path("advice")
    public List<GivenView> given(@QueryParam("limit") @DefaultValue("100") int limit) {
        checkLimit(limit);
        return advisor.given(limit).stream().map(GivenView::of).toList();
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new AuspexException(Code.BAD_REQUEST, "limit must be between 1 and " + MOST);
        }
    }

    /** The expressions that touched most samples during the last day, the dearest first. */
    @GET
    @Path("log")
    public List<QueryAdvisor.Dear> log(@QueryParam("limit") @DefaultValue("100") int limit) {
        checkLimit(limit);
        return advisor.dearest(limit);
    }
}
