package io.auspex.promql.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.promql.Expr;
import io.auspex.promql.Printer;
import io.auspex.promql.QueryCost;
import io.auspex.promql.QueryHint;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.QueryStatistics;
import io.auspex.promql.Steps;
import io.auspex.promql.control.AdviceStore;
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
import java.util.ArrayList;
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
    AdviceStore advice;

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
            List<Hint> hints,
            Optional<Actual> actual) {}

    /**
     * A hint.
     *
     * @param checked what its check cost; only after a dry run, and only of a hint that has one
     */
    public record Hint(QueryHint hint, Optional<Actual> checked) {}

    /** A hint that was given before, and what the latest dry run showed. */
    public record Given(
            String query,
            boolean range,
            QueryHint hint,
            Instant firstAt,
            Instant lastAt,
            int times,
            Optional<Instant> checkedAt,
            Optional<Cost> actual,
            Optional<Cost> remaining) {}

    /** What a run touched and answered. */
    public record Cost(long samples, int resultSeries, double seconds) {
        static Cost of(AdviceStore.Cost cost) {
            return new Cost(cost.samples(), cost.resultSeries(), cost.seconds());
        }
    }

    /** What a dry run cost. */
    public record Actual(QueryStatistics statistics, int resultSeries, double seconds) {
        static Actual of(QueryOutcome outcome) {
            return new Actual(
                    outcome.result().statistics(), outcome.result().series().size(), outcome.evaluationNanos() / 1e9);
        }

        private AdviceStore.Cost cost() {
            return new AdviceStore.Cost(statistics.totalSamples(), resultSeries, seconds);
        }
    }

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
     * @param dryRun whether to run it as well, without its result, to hold the forecast against, and the checks of hints
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
            actual = Optional.of(Actual.of(queries.outcome(request)));
        }
        List<Hint> hints = new ArrayList<>();
        for (QueryHint hint : QueryHint.of(expr, cost, steps, executions)) {
            boolean checks = actual.isPresent() && !hint.check().isEmpty();
            hints.add(new Hint(
                    hint,
                    checks
                            ? Optional.of(Actual.of(queries.outcome(request.withQuery(hint.check()))))
                            : Optional.empty()));
        }
        remember(canonical, request.isRange(), hints, actual);
        return new Advice(canonical, cost, model.seconds(cost), executions, hints, actual);
    }

    private void remember(String canonical, boolean range, List<Hint> hints, Optional<Actual> actual) {
        if (hints.isEmpty()) {
            return;
        }
        advice.add(
                tenant.id(),
                canonical,
                range,
                hints.stream()
                        .map(given -> new AdviceStore.Given(
                                given.hint(),
                                actual.flatMap(whole ->
                                        given.checked().map(rest -> new AdviceStore.Check(whole.cost(), rest.cost())))))
                        .toList());
    }

    /** Hints that were given, the latest first. */
    public List<Given> given(int limit) {
        return advice.list(tenant.id(), limit).stream()
                .map(one -> new Given(
                        one.query(),
                        one.range(),
                        one.hint(),
                        one.firstAt(),
                        one.lastAt(),
                        one.times(),
                        one.checkedAt(),
                        one.check().map(check -> Cost.of(check.actual())),
                        one.check().map(check -> Cost.of(check.remaining()))))
                .toList();
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
