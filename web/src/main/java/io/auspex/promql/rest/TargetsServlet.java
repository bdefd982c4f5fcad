package io.auspex.promql.rest;

import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.boundary.ScrapeTargets;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PromDuration;
import io.auspex.promql.boundary.SeriesRequest;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.MetricMetadata;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** What the tenant scrapes: its targets, the metrics that they expose, and its jobs; in the reference's shapes. */
@WebServlet(
        name = "promqlTargets",
        urlPatterns = {"/api/v1/targets", "/api/v1/targets/metadata", "/api/v1/scrape_pools"})
public class TargetsServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    /** Metrics that a target exposed within this time are its metrics. */
    private static final long RECENT_MILLIS = 5 * 60_000;

    @Inject
    transient ScrapeTargets targets;

    @Override
    boolean acceptsPost() {
        return false;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        queries.permit();
        String path = request.getServletPath();
        return switch (path.substring(path.lastIndexOf("/v1/") + 4)) {
            case "targets" -> targets(parameters);
            case "targets/metadata" -> metadata(parameters);
            default -> {
                List<String> pools = targets.report().pools();
                yield Answer.of(json -> {
                    json.beginObject().name("scrapePools").beginArray();
                    for (String pool : pools) {
                        json.string(pool);
                    }
                    json.endArray().endObject();
                });
            }
        };
    }

    private Answer targets(Parameters parameters) {
        String state = parameters.text("state").toLowerCase(Locale.ROOT);
        String pool = parameters.text("scrapePool");
        boolean any = state.isEmpty() || state.equals("any");
        boolean active = any || state.equals("active");
        boolean dropped = any || state.equals("dropped");
        ScrapeReport report = targets.report();
        return Answer.of(json -> {
            json.beginObject().name("activeTargets").beginArray();
            for (ScrapeReport.Target target : report.active()) {
                if (active && (pool.isEmpty() || pool.equals(target.pool()))) {
                    write(target, json);
                }
            }
            json.endArray().name("droppedTargets").beginArray();
            Map<String, Integer> counts = new TreeMap<>();
            report.pools().forEach(name -> counts.put(name, 0));
            for (ScrapeReport.Dropped target : report.dropped()) {
                counts.merge(target.pool(), 1, Integer::sum);
                if (dropped && (pool.isEmpty() || pool.equals(target.pool()))) {
                    json.beginObject().name("discoveredLabels");
                    labels(target.discovered(), json);
                    json.name("scrapePool").string(target.pool()).endObject();
                }
            }
            json.endArray().name("droppedTargetCounts");
            if (dropped) {
                json.beginObject();
                for (Map.Entry<String, Integer> count : counts.entrySet()) {
                    json.name(count.getKey()).number(count.getValue());
                }
                json.endObject();
            } else {
                json.nothing();
            }
            json.endObject();
        });
    }

    private static void write(ScrapeReport.Target target, JsonWriter json) throws IOException {
        json.beginObject().name("discoveredLabels");
        labels(target.discovered(), json);
        json.name("labels");
        labels(target.labels(), json);
        json.name("scrapePool")
                .string(target.pool())
                .name("scrapeUrl")
                .string(target.url())
                .name("globalUrl")
                .string(target.url())
                .name("lastError")
                .string(target.lastError())
                .name("lastScrape")
                .string(
                        target.lastScrapeMillis() == 0
                                ? "0001-01-01T00:00:00Z"
                                : Instant.ofEpochMilli(target.lastScrapeMillis())
                                        .toString())
                .name("lastScrapeDuration")
                .decimal(target.lastSeconds())
                .name("health")
                .string(target.health().name().toLowerCase(Locale.ROOT))
                .name("scrapeInterval")
                .string(PromDuration.format(target.intervalMillis()))
                .name("scrapeTimeout")
                .string(PromDuration.format(target.timeoutMillis()))
                .endObject();
    }

    private static void labels(Labels labels, JsonWriter json) throws IOException {
        json.beginObject();
        for (int i = 0; i < labels.size(); i++) {
            json.name(labels.name(i)).string(labels.value(i));
        }
        json.endObject();
    }

    /** What is said about a metric, and by which target. */
    private record About(Labels target, MetricMetadata metric) {}

    private Answer metadata(Parameters parameters) {
        int limit = parameters.number("limit", "limit must be a number", -1);
        List<List<Matcher>> selectors = parameters.selectors("match_target");
        String metric = parameters.text("metric");
        Map<String, MetricMetadata> known = new TreeMap<>();
        queries.metadata(metric, -1).forEach(about -> known.put(about.metric(), about));
        List<About> found = new ArrayList<>();
        for (ScrapeReport.Target target : targets.report().active()) {
            boolean wanted =
                    selectors.isEmpty() || selectors.stream().anyMatch(selector -> matches(selector, target.labels()));
            if (wanted && !known.isEmpty()) {
                families(target, known).forEach(about -> found.add(new About(target.labels(), about)));
            }
        }
        if (found.isEmpty()) {
            throw new AuspexException(Code.NOT_FOUND, "specified metadata not found");
        }
        List<About> shown = limit >= 0 && found.size() > limit ? found.subList(0, limit) : found;
        return Answer.of(json -> {
            json.beginArray();
            for (About about : shown) {
                json.beginObject().name("target");
                labels(about.target(), json);
                if (metric.isEmpty()) {
                    json.name("metric").string(about.metric().metric());
                }
                json.name("type")
                        .string(about.metric().type())
                        .name("help")
                        .string(about.metric().help())
                        .name("unit")
                        .string(about.metric().unit())
                        .endObject();
            }
            json.endArray();
        });
    }

    private static boolean matches(List<Matcher> selector, Labels labels) {
        return selector.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
    }

    /** The metrics that series with the target's labels have. */
    private List<MetricMetadata> families(ScrapeReport.Target target, Map<String, MetricMetadata> known) {
        List<Matcher> ofTarget = new ArrayList<>();
        target.labels().forEach((name, value) -> ofTarget.add(Matcher.equal(name, value)));
        long now = clock.millis();
        SortedSet<String> names =
                queries.labelValues(Labels.METRIC_NAME, new SeriesRequest(List.of(ofTarget), now - RECENT_MILLIS, now));
        return known.values().stream()
                .filter(about -> names.contains(about.metric())
                        || names.contains(about.metric() + "_bucket")
                        || names.contains(about.metric() + "_count")
                        || names.contains(about.metric() + "_total"))
                .toList();
    }
}
