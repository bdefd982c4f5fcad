package io.auspex.promql.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.promql.Expr;
import io.auspex.promql.Printer;
import io.auspex.promql.QueryCost;
import io.auspex.promql.QueryHint;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.QueryStatistics;
import io.auspex.promql.Steps;
import io.auspex.promql.control.CostModel;
import io.auspex.promql.control.QueryLog;
import io.auspex.promql.control.QueryLog.Summary;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the caller's queries cost, foretold and as it was, and how they would cost less. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
public class QueryAdvisor {
    @Inject
    CurrentTenant tenant;

    @Inject
    SampleStore store;

    @Inject
    Queries queries;

    @Inject
    QueryLog log;

    @Inject
    CostModel model;

    @Inject
    Clock clock;

    /**
     * Advice about one query.
     *
     * @param foretold its cost as the model sees it
     * @param seconds how long it is expected to take on this node
     * @param executions during the last day
     * @param actual what it did cost; only after a dry run
     */
    public record Advice(
            String query,
            QueryCost foretold,
            double seconds,
            long executions,
            List<QueryHint> hints,
            Optional<Actual> actual) {}

    /** What a dry run cost. */
    public record Actual(QueryStatistics statistics, double seconds) {}

    /** An expression and what it cost during the last day. */
    public record Dear(
            String query,
            boolean range,
            long executions,
            long failures,
            long cancelled,
            double seconds,
            long samples,
            int maxSeries) {}

    /**
     * Foretells the cost of a query and says how to make it cheaper.
     *
     * @param dryRun whether to run it as well, without its result, to hold the forecast against
     * @throws AuspexException BAD_DATA for what is no query, and what a run may end with
     */
    public Advice advise(QueryRequest request, boolean dryRun) {
        Expr expr = queries.parse(request.query());
        SampleReader reader = store.reader(tenant.id());
        Steps steps = request.steps();
        QueryCost cost = model.foretell(tenant.id(), expr, steps, QueryOptions.STANDARD, reader);
        String canonical = Printer.line(expr);
        long executions = log.find(
                        tenant.id(),
                        canonical,
                        request.isRange(),
                        clock.instant().minus(Duration.ofDays(1)))
                .map(Summary::executions)
                .orElse(0L);
        Optional<Actual> actual = Optional.empty();
        if (dryRun) {
            QueryOutcome outcome = queries.outcome(request);
            actual = Optional.of(new Actual(outcome.result().statistics(), outcome.evaluationNanos() / 1e9));
        }
        return new Advice(
                canonical, cost, model.seconds(cost), executions, QueryHint.of(expr, cost, steps, executions), actual);
    }

    /** The expressions that touched most samples during the last day, the dearest first. */
    public List<Dear> dearest(int limit) {
        Instant since = clock.instant().minus(Duration.ofDays(1));
        return log.dearest(tenant.id(), since, limit).stream()
                .map(one -> new Dear(
                        one.query(),
                        one.range(),
                        one.executions(),
                        one.failures(),
                        one.cancelled(),
                        one.seconds(),
                        one.samples(),
                        one.maxSeries()))
                .toList();
    }
}
