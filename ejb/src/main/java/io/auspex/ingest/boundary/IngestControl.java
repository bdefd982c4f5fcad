package io.auspex.ingest.boundary;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.PastGrowth;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.control.CardinalityHistory;
import io.auspex.ingest.control.CardinalityWatch;
import io.auspex.ingest.control.IngestConfigStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
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
import java.util.List;

/** What the caller's tenant may send, and what brings its series. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
public class IngestControl {
    private static final int MOST_PROMOTED = 64;
    private static final int MOST_NAME = 200;
    private static final int MOST_METRICS = 20;
    private static final Duration PAST = Duration.ofDays(1);
    private static final int MOST_PAST = 100;

    @Inject
    CurrentTenant current;

    @Inject
    IngestConfigStore store;

    @Inject
    CardinalityWatch watch;

    @Inject
    CardinalityHistory history;

    @Inject
    Clock clock;

    /** Refuses, by its roles, who may not change the settings, before anything else is said about the request. */
    public void authorize() {}

    /** The settings as they are stored. */
    public IngestConfig config() {
        return store.find(current.id());
    }

    /** The tenant's own limit of active series, 0 when it has none. */
    @RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
    public int activeSeriesLimit() {
        return store.effective(current.id()).activeSeries();
    }

    /**
     * Replaces the settings of the version that is given.
     *
     * @throws AuspexException BAD_REQUEST for a value outside its limits, PRECONDITION_FAILED when it was changed since
     */
    public IngestConfig save(IngestConfig config) {
        require(config.activeSeries(), "activeSeries");
        require(config.seriesPerMetric(), "seriesPerMetric");
        require(config.samplesPerSecond(), "samplesPerSecond");
        if (config.otlpPromote().size() > MOST_PROMOTED) {
            throw new AuspexException(
                    Code.BAD_REQUEST,
                    "otlpPromote has " + config.otlpPromote().size() + " names, the limit is " + MOST_PROMOTED);
        }
        for (String name : config.otlpPromote()) {
            if (name.isBlank() || name.length() > MOST_NAME || name.indexOf('\0') >= 0) {
                throw new AuspexException(
                        Code.BAD_REQUEST, "a name in otlpPromote must have 1 to " + MOST_NAME + " characters");
            }
        }
        return store.save(current.id(), config)
                .orElseThrow(() ->
                        new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile"));
    }

    private static void require(int value, String name) {
        if (value < 0) {
            throw new AuspexException(Code.BAD_REQUEST, name + " must not be negative, got " + value);
        }
    }

    /** What the tenant's new series of the last minutes are. */
    @RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
    public SeriesGrowth growth() {
        return watch.growth(current.id(), MOST_METRICS);
    }

    /**
     * What brought new series within the last day, the latest first.
     *
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    @RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
    public List<PastGrowth> history() {
        return history.list(current.id(), clock.instant().minus(PAST), MOST_PAST);
    }
}
