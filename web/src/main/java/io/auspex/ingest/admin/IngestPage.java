package io.auspex.ingest.admin;

import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.boundary.IngestControl;
import io.auspex.ingest.boundary.Rejects;
import io.auspex.platform.admin.Texts;
import io.auspex.series.Cardinality;
import io.auspex.series.boundary.StorageStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why samples of the caller's tenant were refused, and which metrics and labels bring its series. */
@Named
@RequestScoped
public class IngestPage {
    @Inject
    IngestControl control;

    @Inject
    Rejects rejects;

    @Inject
    StorageStatus storage;

    private @Nullable SeriesGrowth growth;
    private @Nullable List<RejectRow> rejected;

    /** Faces reads properties, not components of records. */
    public static final class MetricRow {
        private final SeriesGrowth.Metric metric;

        MetricRow(SeriesGrowth.Metric metric) {
            this.metric = metric;
        }

        public String getMetric() {
            return metric.metric();
        }

        public long getCreated() {
            return metric.created();
        }

        public long getRefused() {
            return metric.refused();
        }

        /** The label with the most values, empty when the metric has none. */
        public String getLabel() {
            return metric.labels().isEmpty() ? "" : metric.labels().get(0).label();
        }

        public String getValues() {
            return metric.labels().isEmpty()
                    ? ""
                    : Long.toString(metric.labels().get(0).values());
        }

        public String getExample() {
            return metric.labels().isEmpty() ? "" : metric.labels().get(0).example();
        }
    }

    /** Samples of one protocol that were refused for one reason. */
    public static final class RejectRow {
        private final Rejects.Rejected row;

        RejectRow(Rejects.Rejected row) {
            this.row = row;
        }

        public String getProtocol() {
            return row.protocol();
        }

        public String getText() {
            return row.text();
        }

        public String getFix() {
            return row.fix();
        }

        public long getSamples() {
            return row.samples();
        }

        public String getLast() {
            return row.last().toString();
        }

        public String getSeries() {
            return row.series();
        }

        public String getDetail() {
            return row.detail();
        }
    }

    private SeriesGrowth growth() {
        SeriesGrowth read = growth;
        if (read == null) {
            read = control.growth();
            growth = read;
        }
        return read;
    }

    /** Whether new series were refused within the last minute. */
    public boolean isBreakerOpen() {
        return growth().open();
    }

    /** How many series there are, and how many there may be. */
    public String getSeriesLine() {
        Cardinality series = storage.cardinality(1);
        int own = control.activeSeriesLimit();
        int limit = own == 0 ? series.activeLimit() : Math.min(own, series.activeLimit());
        return Texts.text("ingest.series.line", series.activeSeries(), limit, growth().created(), growth().refused());
    }

    public List<MetricRow> getMetrics() {
        return growth().metrics().stream().map(MetricRow::new).toList();
    }

    public List<RejectRow> getRejects() {
        List<RejectRow> read = rejected;
        if (read == null) {
            read = rejects.list().stream().map(RejectRow::new).toList();
            rejected = read;
        }
        return read;
    }
}
