package io.auspex.promql.control;

import io.auspex.promql.Dialect;
import io.auspex.promql.QueryLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What one query may use, from configuration; the defaults are the reference's where it has any. */
@ApplicationScoped
public class QuerySettings {
    /** With four queries at a time on two processors, less than half of the heap. */
    private static final double SHARE_OF_HEAP = 0.1;

    @Inject
    @ConfigProperty(name = "auspex.query.timeout", defaultValue = "PT2M")
    Duration timeout;

    @Inject
    @ConfigProperty(name = "auspex.query.lookback", defaultValue = "PT5M")
    Duration lookback;

    @Inject
    @ConfigProperty(name = "auspex.query.max-samples", defaultValue = "50000000")
    long maxSamples;

    @Inject
    @ConfigProperty(name = "auspex.query.max-series", defaultValue = "1000000")
    int maxSeries;

    @Inject
    @ConfigProperty(name = "auspex.query.max-bytes")
    Optional<Long> maxBytes = Optional.empty();

    @Inject
    @ConfigProperty(name = "auspex.query.max-concurrency")
    Optional<Integer> maxConcurrency = Optional.empty();

    @Inject
    @ConfigProperty(name = "auspex.query.experimental", defaultValue = "false")
    boolean experimental;

    /** How long a query may wait and run, in milliseconds. */
    public long timeoutMillis() {
        return timeout.toMillis();
    }

    public long lookbackMillis() {
        return lookback.toMillis();
    }

    /** How many queries may run at a time on this node; more wait. Two for each processor unless set. */
    public int maxConcurrency() {
        return maxConcurrency.orElse(2 * Runtime.getRuntime().availableProcessors());
    }

    /** How many of them may be one tenant's: half, so that none can keep all others waiting. */
    public int maxConcurrencyPerTenant() {
        return Math.max(1, maxConcurrency() / 2);
    }

    /** The limits of one query; of memory a share of the heap unless set. */
    public QueryLimits limits() {
        long bytes = maxBytes.orElse((long) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP));
        return new QueryLimits(maxSamples, maxSeries, bytes);
    }

    /** The language with or without its experimental parts. */
    public Dialect dialect() {
        return experimental ? Dialect.EXTENDED : Dialect.STANDARD;
    }
}
