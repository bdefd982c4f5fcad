package io.auspex.promql.control;

import io.auspex.promql.Expr;
import io.auspex.promql.QueryCost;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.QueryStatistics;
import io.auspex.promql.Steps;
import io.auspex.series.SampleReader;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Foretells what queries cost and learns from those that ran: for each tenant how dense its samples are, for the node
 * how long a touched sample takes. Learned anew after a start.
 */
@ApplicationScoped
public class CostModel {
    private static final double FIRST_DENSITY = 1 / 15.0;
    private static final double FIRST_SECONDS = 20e-9;
    private static final int ONE_OF = 8;
    /** Below it, what a query takes is not the work on its samples. */
    private static final double LEAST_WEIGHT = 10_000;

    private static final double PACE = 0.05;
    /** One query moves the model by this factor at most. */
    private static final double MOST = 4;

    private final Map<TenantId, Double> density = new ConcurrentHashMap<>();
    private final AtomicLong queries = new AtomicLong();
    private volatile double secondsPerSample = FIRST_SECONDS;

    /** What a query would cost; looks at the index of labels only. */
    public QueryCost foretell(TenantId tenant, Expr expr, Steps steps, QueryOptions options, SampleReader reader) {
        return QueryCost.of(expr, steps, options, reader::count, density.getOrDefault(tenant, FIRST_DENSITY));
    }

    /** How long a query of a cost is expected to take on this node, in seconds. */
    public double seconds(QueryCost cost) {
        return cost.weight() * secondsPerSample;
    }

    /** Whether the query that has just run shall be learned from: one of some, since foretelling costs, too. */
    public boolean wantsToLearn() {
        return queries.incrementAndGet() % ONE_OF == 0;
    }

    /** Learns from a query that ran. */
    public void learn(TenantId tenant, QueryCost foretold, QueryStatistics statistics, double seconds) {
        boolean windows = foretold.selectors().stream().anyMatch(selected -> selected.rangeMillis() > 0);
        if (windows && foretold.samples() > 0 && statistics.totalSamples() > 0) {
            double ratio = bounded(statistics.totalSamples() / foretold.samples());
            density.merge(
                    tenant, FIRST_DENSITY * Math.pow(ratio, PACE), (known, first) -> known * Math.pow(ratio, PACE));
        }
        double weight = QueryCost.weight(statistics);
        if (weight > LEAST_WEIGHT) {
            double ratio = bounded(seconds / weight / secondsPerSample);
            secondsPerSample = secondsPerSample * Math.pow(ratio, PACE);
        }
    }

    private static double bounded(double ratio) {
        return Math.max(1 / MOST, Math.min(MOST, ratio));
    }
}
