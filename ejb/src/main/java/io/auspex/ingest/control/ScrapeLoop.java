package io.auspex.ingest.control;

import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.LineErrors;
import io.auspex.ingest.Reason;
import io.auspex.ingest.RelabelRules;
import io.auspex.ingest.ScrapeJob;
import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.ScrapeReport.Health;
import io.auspex.ingest.ScrapeTarget;
import io.auspex.ingest.SeriesRewrites;
import io.auspex.ingest.TextFormat;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes one target: its samples, five series about the scrape, and stale markers for what it does not expose any more.
 * One scrape at a time.
 */
final class ScrapeLoop {
    private static final int MOST_SERIES = 1 << 20;
    private static final int MOST_ERROR = 500;

    private final TenantId tenant;
    private final ScrapeTarget target;
    private final ScrapeHttp http;
    private final ScrapeSecrets secrets;
    private final WriteRequests requests;
    private final SeriesRewrites samples;
    private final SeriesRewrites reports;
    private final long mostBytes;

    /** Series that the last scrape brought, which get a marker when they are not there any more. */
    private Set<SeriesIdentity> live = new HashSet<>();

    /** Series of the last scrape that could be read. */
    private Set<SeriesIdentity> known = Set.of();

    private Set<SeriesIdentity> about = Set.of();
    private volatile State state = new State(Health.UNKNOWN, "", 0, 0, 0);
    private volatile @Nullable ScrapeLoop predecessor;
    private boolean ended;

    private record State(Health health, String error, long millis, double seconds, int samples) {}

    /** What one scrape came to. */
    private static final class Outcome {
        int scraped;
        int kept;
        int added;
        String error = "";
        Set<SeriesIdentity> seen = new HashSet<>();
    }

    ScrapeLoop(
            TenantId tenant,
            ScrapeTarget target,
            RelabelRules rules,
            ScrapeHttp http,
            ScrapeSecrets secrets,
            WriteRequests requests,
            long mostBytes) {
        this.tenant = tenant;
        this.target = target;
        this.http = http;
        this.secrets = secrets;
        this.requests = requests;
        long own = target.job().limits().bodyBytes();
        this.mostBytes = own == 0 ? mostBytes : Math.min(own, mostBytes);
        samples = new SeriesRewrites(labels -> target.label(labels).flatMap(made -> changed(rules, made)), MOST_SERIES);
        reports = new SeriesRewrites(labels -> changed(rules, target.about(labels)), MOST_SERIES);
    }

    private static Optional<Labels> changed(RelabelRules rules, Labels labels) {
        return rules.isEmpty() ? Optional.of(labels) : rules.apply(labels);
    }

    ScrapeTarget target() {
        return target;
    }

    /** Goes on for another loop of the same target, which may still be at work. */
    void follow(ScrapeLoop before) {
        state = before.state;
        predecessor = before;
    }

    /** Takes over what the loop before has brought, so that nothing is forgotten; waits for its last scrape. */
    private void takeOver() {
        ScrapeLoop before = predecessor;
        if (before == null) {
            return;
        }
        synchronized (before) {
            before.takeOver();
            live = before.live;
            known = before.known;
            about = before.about;
            before.ended = true;
        }
        predecessor = null;
    }

    /** Scrapes once, with that time for all samples that have none of their own. */
    synchronized void scrape(long epochMillis) {
        if (ended) {
            return;
        }
        takeOver();
        long began = System.nanoTime();
        Outcome outcome = new Outcome();
        try {
            fetch(epochMillis, outcome);
        } catch (IOException | IllegalArgumentException e) {
            outcome.error = String.valueOf(e.getMessage());
        } catch (AuspexException e) {
            outcome.error = e.code() == Code.UNAVAILABLE ? "samples could not be stored: " + e.detail() : e.detail();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        boolean up = outcome.error.isEmpty();
        state = new State(up ? Health.UP : Health.DOWN, cut(outcome.error), epochMillis, seconds, outcome.scraped);
        if (!up) {
            outcome.seen = new HashSet<>();
        }
        try {
            stale(live, outcome.seen, epochMillis);
            live = outcome.seen;
            report(up, outcome, seconds, epochMillis);
        } catch (AuspexException e) {
            // the series about the scrape are lost with its samples; the state says why
            state = new State(Health.DOWN, cut("samples could not be stored: " + e.detail()), epochMillis, seconds, 0);
        }
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MOST_ERROR));
    }

    private void fetch(long epochMillis, Outcome outcome) throws IOException {
        ScrapeJob job = target.job();
        ScrapeHttp.Response answer =
                http.get(target, secrets.authorization(job.access()), secrets.tls(job.access()), mostBytes);
        WriteRequests.Scraped scraped = new WriteRequests.Scraped(
                answer.body(), answer.encoding(), format(answer.contentType()), epochMillis, (int) mostBytes);
        requests.scraped(
                tenant,
                scraped,
                samples,
                (batch, errors) -> before(batch, errors, epochMillis, outcome),
                batch -> after(batch, outcome));
    }

    /** As the reference: a type that is not known is refused unless the job says how it is meant. */
    private TextFormat format(String contentType) throws IOException {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (type.equals("text/plain")) {
            return TextFormat.PROMETHEUS;
        }
        if (type.equals("application/openmetrics-text")) {
            return TextFormat.SCRAPED_OPENMETRICS;
        }
        return target.job()
                .fallback()
                .orElseThrow(() -> new IOException((type.isEmpty()
                                ? "non-compliant scrape target sending blank Content-Type"
                                : "received unsupported Content-Type \"" + type + "\"")
                        + " and no fallback_scrape_protocol specified for target"));
    }

    /** Counts, up to the first bad line, and refuses the whole scrape when it has one or brings too much. */
    private void before(DecodedBatch batch, LineErrors errors, long epochMillis, Outcome outcome) {
        boolean honor = target.job().honorTimestamps();
        int end =
                errors.count() == 0 ? Integer.MAX_VALUE : errors.first().get(0).line();
        for (int i = 0; i < batch.sampleCount(); i++) {
            int series = batch.sampleSeries()[i];
            if (batch.item(series) > end) {
                break;
            }
            outcome.scraped++;
            outcome.kept += batch.reason(series) == Reason.DROPPED ? 0 : 1;
            if (!honor) {
                batch.timestamps()[i] = epochMillis;
            }
            if (batch.reason(series) == null && batch.timestamps()[i] == epochMillis) {
                // a series with timestamps of its own ends when it says so
                SeriesIdentity identity = new SeriesIdentity(batch.high(series), batch.low(series));
                if (outcome.seen.add(identity) && !known.contains(identity)) {
                    outcome.added++;
                }
            }
        }
        known = Set.copyOf(outcome.seen);
        if (errors.count() > 0) {
            throw new IllegalArgumentException(
                    "line " + end + ": " + errors.first().get(0).message());
        }
        int limit = target.job().limits().samples();
        if (limit > 0 && outcome.kept > limit) {
            throw new IllegalArgumentException(
                    "sample limit exceeded: " + outcome.kept + " samples, the limit is " + limit);
        }
    }

    /** Series that a limit of the tenant kept out are not there, so they do not end. */
    private static void after(DecodedBatch batch, Outcome outcome) {
        for (int i = 0; i < batch.seriesCount(); i++) {
            if (batch.ref(i) < 0) {
                outcome.seen.remove(new SeriesIdentity(batch.high(i), batch.low(i)));
            }
        }
    }

    private void stale(Set<SeriesIdentity> were, Set<SeriesIdentity> are, long epochMillis) {
        Set<SeriesIdentity> gone = new HashSet<>(were);
        gone.removeAll(are);
        requests.stale(tenant, gone, epochMillis);
    }

    private void report(boolean up, Outcome outcome, double seconds, long epochMillis) {
        String text = "up " + (up ? 1 : 0) + "\nscrape_duration_seconds " + seconds + "\nscrape_samples_scraped "
                + outcome.scraped + "\nscrape_samples_post_metric_relabeling " + outcome.kept
                + "\nscrape_series_added " + outcome.added + "\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Set<SeriesIdentity> seen = new HashSet<>();
        requests.scraped(
                tenant,
                new WriteRequests.Scraped(
                        bytes, ContentEncoding.IDENTITY, TextFormat.PROMETHEUS, epochMillis, bytes.length),
                reports,
                (batch, errors) -> {},
                batch -> {
                    for (int i = 0; i < batch.seriesCount(); i++) {
                        if (batch.ref(i) >= 0) {
                            seen.add(new SeriesIdentity(batch.high(i), batch.low(i)));
                        }
                    }
                });
        about = seen;
    }

    /** Ends all series of a target that is not configured any more. */
    synchronized void end(long epochMillis) {
        if (ended) {
            return;
        }
        ended = true;
        takeOver();
        stale(live, Set.of(), epochMillis);
        stale(about, Set.of(), epochMillis);
    }

    ScrapeReport.Target report() {
        State now = state;
        return new ScrapeReport.Target(
                target.job().name(),
                target.discovered(),
                target.labels(),
                target.url(),
                now.health(),
                now.error(),
                now.millis(),
                now.seconds(),
                now.samples(),
                target.interval().toMillis(),
                target.timeout().toMillis());
    }
}
