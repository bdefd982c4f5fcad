package io.auspex.ingest.admin;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.boundary.IngestControl;
import io.auspex.ingest.boundary.ScrapeTargets;
import io.auspex.platform.AuspexException;
import io.auspex.platform.PromDuration;
import io.auspex.platform.admin.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the tenant scrapes and how that goes; operators change it here. */
@Named
@RequestScoped
public class TargetsPage {
    @Inject
    ScrapeTargets targets;

    @Inject
    IngestControl control;

    private @Nullable ScrapeReport report;
    private @Nullable IngestConfig config;
    private @Nullable String scrape;
    private @Nullable String relabel;
    private int version = -1;

    /** A target as the page shows it. */
    public static final class TargetRow {
        private final ScrapeReport.Target target;

        TargetRow(ScrapeReport.Target target) {
            this.target = target;
        }

        public String getPool() {
            return target.pool();
        }

        public String getUrl() {
            return target.url();
        }

        public String getLabels() {
            return target.labels().toMap().entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .collect(Collectors.joining(", "));
        }

        public String getHealth() {
            return target.health().name().toLowerCase(Locale.ROOT);
        }

        /** The style of the state. */
        public String getStyle() {
            return switch (target.health()) {
                case UP -> "completed";
                case DOWN -> "failed";
                case UNKNOWN -> "queued";
            };
        }

        public String getHealthText() {
            return Texts.text("targets.health." + getHealth());
        }

        public String getError() {
            return target.lastError();
        }

        public boolean isScraped() {
            return target.lastScrapeMillis() > 0;
        }

        public String getLast() {
            return Instant.ofEpochMilli(target.lastScrapeMillis()).toString();
        }

        public String getTook() {
            return Texts.text(
                    "targets.tookLine",
                    Math.round(target.lastSeconds() * 1_000),
                    target.lastSamples(),
                    PromDuration.format(target.intervalMillis()));
        }
    }

    private ScrapeReport report() {
        ScrapeReport read = report;
        if (read == null) {
            read = targets.report();
            report = read;
        }
        return read;
    }

    /** Those that are down first. */
    public List<TargetRow> getTargets() {
        return report().active().stream()
                .sorted((a, b) ->
                        Boolean.compare(b.health() == ScrapeReport.Health.DOWN, a.health() == ScrapeReport.Health.DOWN))
                .map(TargetRow::new)
                .toList();
    }

    public List<String> getProblems() {
        return report().problems();
    }

    /** How many are up, down and dropped. */
    public String getSummary() {
        long up = report().active().stream()
                .filter(target -> target.health() == ScrapeReport.Health.UP)
                .count();
        long down = report().active().stream()
                .filter(target -> target.health() == ScrapeReport.Health.DOWN)
                .count();
        return Texts.text("targets.summary", up, down, report().dropped().size());
    }

    private IngestConfig config() {
        IngestConfig read = config;
        if (read == null) {
            read = control.config();
            config = read;
        }
        return read;
    }

    /** Changes what is scraped and the rules, on the version that the form was made of. */
    public void save() {
        try {
            IngestConfig now = control.config();
            config = control.save(new IngestConfig(
                    now.activeSeries(),
                    now.seriesPerMetric(),
                    now.samplesPerSecond(),
                    now.otlpPromote(),
                    now.influxPromote(),
                    getRelabel(),
                    getScrape(),
                    getVersion()));
            version = config.version();
            Texts.done("targets.saved");
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    public String getScrape() {
        String typed = scrape;
        return typed == null ? config().scrape() : typed;
    }

    public void setScrape(@Nullable String scrape) {
        this.scrape = lines(scrape);
    }

    public String getRelabel() {
        String typed = relabel;
        return typed == null ? config().relabel() : typed;
    }

    public void setRelabel(@Nullable String relabel) {
        this.relabel = lines(relabel);
    }

    /** Browsers send line ends of two characters. */
    private static String lines(@Nullable String text) {
        return text == null ? "" : text.replace("\r\n", "\n");
    }

    public int getVersion() {
        return version < 0 ? config().version() : version;
    }

    public void setVersion(int version) {
        this.version = version;
    }
}
