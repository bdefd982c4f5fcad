package io.auspex.promql.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PromDuration;
import io.auspex.promql.Dialect;
import io.auspex.promql.Expr;
import io.auspex.promql.Language;
import io.auspex.promql.LatestSamples;
import io.auspex.promql.ParseException;
import io.auspex.promql.Parser;
import io.auspex.promql.Printer;
import io.auspex.promql.QueryCost;
import io.auspex.promql.QueryException;
import io.auspex.promql.QueryGuard;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.QueryStatistics;
import io.auspex.promql.RemoteReadRequest;
import io.auspex.promql.RemoteReadResponse;
import io.auspex.promql.Result;
import io.auspex.promql.control.CostModel;
import io.auspex.promql.control.QueryKind;
import io.auspex.promql.control.QueryLog;
import io.auspex.promql.control.QuerySettings;
import io.auspex.promql.control.RunningQueries;
import io.auspex.series.Exemplar;
import io.auspex.series.ExemplarStore;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.MetricMetadata;
import io.auspex.series.MetricMetadataStore;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Queries of the caller's tenant, within the limits of the node.
 *
 * <p>The tenant is bound to the reader below the language, so no text of a query reaches another's series.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
public class Queries {
    /** The release of Prometheus whose language and API this is. */
    public static final String LANGUAGE_VERSION = "3.5.3";

    /** Exemplars that one selector of a query answers with at most. */
    public static final int MOST_EXEMPLARS = 10_000;

    private static final long SUBQUERY_STEP_MILLIS = 60_000;
    private static final String FEATURES =
            "promql-experimental-functions,promql-duration-expr,promql-delayed-name-removal";

    @Inject
    CurrentTenant tenant;

    @Inject
    SampleStore store;

    @Inject
    ExemplarStore exemplars;

    @Inject
    MetricMetadataStore metadata;

    @Inject
    Language language;

    @Inject
    QuerySettings settings;

    @Inject
    RunningQueries running;

    @Inject
    QueryLog log;

    @Inject
    CostModel costs;

    /**
     * The result of a query.
     *
     * @throws AuspexException BAD_DATA for what is no query, UNPROCESSABLE for what cannot be evaluated, TIMEOUT and
     *     UNAVAILABLE for what was ended
     */
    public Result run(QueryRequest request) {
        return outcome(request).result();
    }

    /** As {@link #run}, with the time that it took. */
    public QueryOutcome outcome(QueryRequest request) {
        long arrived = System.nanoTime();
        TenantId caller = tenant.id();
        Expr expr = parse(request.query());
        SampleReader reader = store.reader(caller);
        long prepared = System.nanoTime();
        try {
            QueryOutcome outcome = running.run(caller, QueryKind.of(request.isRange()), timeout(request), guard -> {
                long started = System.nanoTime();
                Result result = evaluate(request, expr, reader, options(request, guard));
                return new QueryOutcome(result, started - prepared, prepared - arrived, System.nanoTime() - started);
            });
            note(caller, request, expr, reader, outcome);
            return outcome;
        } catch (AuspexException e) {
            double seconds = (System.nanoTime() - arrived) / 1e9;
            boolean cancelled = e instanceof QueryException query && query.type() == QueryException.ErrorType.CANCELED;
            QueryLog.End end = cancelled ? QueryLog.End.CANCELLED : QueryLog.End.FAILED;
            log.add(caller, new QueryLog.Execution(Printer.line(expr), request.isRange(), seconds, 0, 0, 0, end));
            throw e;
        }
    }

    private QueryOptions options(QueryRequest request, QueryGuard guard) {
        return new QueryOptions(
                dialect(),
                request.lookbackMillis().orElse(settings.lookbackMillis()),
                SUBQUERY_STEP_MILLIS,
                false,
                settings.limits(),
                guard,
                request.samplesPerStep(),
                request.plan());
    }

    private void note(TenantId caller, QueryRequest request, Expr expr, SampleReader reader, QueryOutcome outcome) {
        QueryStatistics statistics = outcome.result().statistics();
        double seconds = outcome.evaluationNanos() / 1e9;
        log.add(
                caller,
                new QueryLog.Execution(
                        Printer.line(expr),
                        request.isRange(),
                        seconds,
                        statistics.totalSamples(),
                        statistics.series(),
                        QueryCost.weight(statistics),
                        QueryLog.End.SUCCEEDED));
        if (costs.wantsToLearn()) {
            QueryCost foretold =
                    costs.foretell(caller, expr, request.steps(), options(request, QueryGuard.NONE), reader);
            costs.learn(caller, foretold, statistics, seconds);
        }
    }

    private Result evaluate(QueryRequest request, Expr expr, SampleReader reader, QueryOptions options) {
        try {
            if (request.isRange()) {
                return language.engine().range(request.query(), expr, reader, request.steps(), options);
            }
            return language.engine().instant(request.query(), expr, reader, request.startMillis(), options);
        } catch (ParseException e) {
            throw invalid(e);
        } catch (QueryException e) {
            throw e.type() == QueryException.ErrorType.BAD_DATA ? invalid(e) : e;
        }
    }

    private static AuspexException invalid(AuspexException e) {
        return new AuspexException(Code.BAD_DATA, "invalid parameter \"query\": " + e.detail(), e);
    }

    private long timeout(QueryRequest request) {
        return Math.min(request.timeoutMillis().orElse(Long.MAX_VALUE), settings.timeoutMillis());
    }

    /** @throws AuspexException BAD_DATA for what is no query */
    public Expr parse(String query) {
        try {
            return Parser.parse(query, dialect());
        } catch (ParseException e) {
            throw invalid(e);
        }
    }

    /** The label sets of series that match, sorted and each once. */
    public SortedSet<Labels> series(SeriesRequest request) {
        return collect(request, matchers -> reader().series(matchers, request.startMillis(), request.endMillis()));
    }

    /**
     * The exemplars of the series that a query reads, by series: at most {@link #MOST_EXEMPLARS} for each selector.
     *
     * @throws AuspexException BAD_DATA for what is no query
     */
    public SortedMap<Labels, List<Exemplar>> exemplars(String query, long startMillis, long endMillis) {
        Set<List<Matcher>> selectors = new LinkedHashSet<>();
        collectSelectors(parse(query), selectors);
        return running.run(tenant.id(), QueryKind.EXEMPLARS, settings.timeoutMillis(), guard -> {
            SortedMap<Labels, List<Exemplar>> found = new TreeMap<>();
            for (List<Matcher> matchers : selectors) {
                found.putAll(exemplars.find(tenant.id(), matchers, startMillis, endMillis, MOST_EXEMPLARS));
            }
            return found;
        });
    }

    /** A tree of the parser is at most {@link Expr#MAX_HEIGHT} high. */
    private static void collectSelectors(Expr expr, Set<List<Matcher>> into) {
        if (expr instanceof Expr.VectorSelector selector) {
            into.add(selector.matchers());
        }
        expr.children().forEach(child -> collectSelectors(child, into));
    }

    public SortedSet<String> labelNames(SeriesRequest request) {
        return collect(request, matchers -> reader().labelNames(matchers, request.startMillis(), request.endMillis()));
    }

    public SortedSet<String> labelValues(String label, SeriesRequest request) {
        return collect(
                request, matchers -> reader().labelValues(label, matchers, request.startMillis(), request.endMillis()));
    }

    private <T extends Comparable<? super T>> SortedSet<T> collect(
            SeriesRequest request, Function<List<Matcher>, Collection<T>> find) {
        return running.run(tenant.id(), QueryKind.SERIES, settings.timeoutMillis(), guard -> {
            SortedSet<T> found = new TreeSet<>();
            request.selectors().forEach(matchers -> found.addAll(find.apply(matchers)));
            return found;
        });
    }

    /** The samples that a remote-read request asks for, at most as many as a query may hold. */
    public RemoteReadResponse read(RemoteReadRequest request) {
        SampleReader reader = reader();
        return running.run(
                tenant.id(),
                QueryKind.READ,
                settings.timeoutMillis(),
                guard -> RemoteReadResponse.of(request, reader, settings.limits(), guard));
    }

    /** The newest sample of each series that matches any of the selectors, by its labels. */
    public SortedMap<Labels, LatestSamples.Latest> latest(List<List<Matcher>> selectors, long nowMillis) {
        SampleReader reader = reader();
        return running.run(
                tenant.id(),
                QueryKind.INSTANT,
                settings.timeoutMillis(),
                guard -> LatestSamples.of(
                        reader, selectors, nowMillis, settings.lookbackMillis(), settings.limits(), guard));
    }

    /** What senders say of the tenant's metrics: of one, or of all when it is empty; at most so many unless negative. */
    public List<MetricMetadata> metadata(String metric, int limit) {
        return metadata.find(tenant.id(), metric, limit);
    }

    /** Does nothing, for callers that may query; others are refused. */
    public void permit() {
        // the roles are the point
    }

    /** What bounds queries on this node, by the reference's names of its flags. */
    public SortedMap<String, String> flags() {
        return new TreeMap<>(Map.of(
                "query.timeout", PromDuration.format(settings.timeoutMillis()),
                "query.lookback-delta", PromDuration.format(settings.lookbackMillis()),
                "query.max-concurrency", Integer.toString(settings.maxConcurrency()),
                "query.max-samples", Long.toString(settings.limits().maxSamples()),
                "enable-feature", settings.dialect().experimentalFunctions() ? FEATURES : ""));
    }

    /**
     * The configuration as the reference would write it: a valid {@code prometheus.yml} with what means the same here.
     * Nothing is scraped, evaluated or notified by this part, so there is not much.
     */
    public String configuration() {
        permit();
        return "global:\n  evaluation_interval: " + PromDuration.format(SUBQUERY_STEP_MILLIS) + "\n";
    }

    private Dialect dialect() {
        return language.extend(settings.dialect());
    }

    private SampleReader reader() {
        return store.reader(tenant.id());
    }
}
