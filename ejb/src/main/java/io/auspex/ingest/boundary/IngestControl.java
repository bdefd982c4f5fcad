package io.auspex.ingest.boundary;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.PastGrowth;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.control.CardinalityHistory;
import io.auspex.ingest.control.CardinalityWatch;
import io.auspex.ingest.control.IngestConfigStore;
import io.auspex.ingest.control.RelabelConfigs;
import io.auspex.ingest.control.ScrapeConfigs;
import io.auspex.ingest.control.ScrapeSettings;
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
import java.util.Set;
import java.util.function.Consumer;

/** What the caller's tenant may send, and what brings its series. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
public class IngestControl {
    private static final Set<String> INFLUX_PARAMETERS = Set.of("db", "bucket", "org");
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
    ScrapeSettings scraping;

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
        requireNames(config.otlpPromote(), "otlpPromote");
        for (String name : config.influxPromote()) {
            if (!INFLUX_PARAMETERS.contains(name)) {
                throw new AuspexException(
                        Code.BAD_REQUEST, "influxPromote takes db, bucket and org, got '" + cut(name) + "'");
            }
        }
        readable("relabel", config.relabel(), RelabelConfigs::parse);
        readable("scrape", config.scrape(), yaml -> ScrapeConfigs.parse(yaml, scraping.shortestInterval()));
        return store.save(current.id(), config)
                .orElseThrow(() ->
                        new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile"));
    }

    private static void requireNames(Set<String> names, String field) {
        if (names.size() > MOST_PROMOTED) {
            throw new AuspexException(
                    Code.BAD_REQUEST, field + " has " + names.size() + " names, the limit is " + MOST_PROMOTED);
        }
        for (String name : names) {
            if (name.isBlank() || name.length() > MOST_NAME || name.indexOf('\0') >= 0) {
                throw new AuspexException(
                        Code.BAD_REQUEST, "a name in " + field + " must have 1 to " + MOST_NAME + " characters");
            }
        }
    }

    private static void readable(String field, String yaml, Consumer<String> parser) {
        try {
            parser.accept(yaml);
        } catch (AuspexException e) {
            throw new AuspexException(e.code(), field + ": " + e.detail(), e);
        }
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MOST_NAME));
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
