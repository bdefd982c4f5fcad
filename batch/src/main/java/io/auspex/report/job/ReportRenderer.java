package io.auspex.report.job;

import io.auspex.report.HealthRow;
import io.auspex.report.control.ReportStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Renders the stored rows of a run, and the day's count of anomalies, as CSV and HTML. */
@Named("reportRenderer")
@Dependent
public class ReportRenderer extends AbstractBatchlet {
    @Inject
    @BatchProperty
    String tenant;

    @Inject
    @BatchProperty
    String run;

    @Inject
    @BatchProperty
    String day;

    @Inject
    ReportStore store;

    @Override
    public String process() {
        TenantId id = new TenantId(Integer.parseInt(tenant));
        LocalDate date = LocalDate.parse(day);
        List<HealthRow> rows = new ArrayList<>();
        int anomalies = store.anomalies(id, date);
        rows.add(new HealthRow("all", "anomalies", "events", anomalies, Double.NaN, Double.NaN, anomalies));
        rows.addAll(store.rows(id, Long.parseLong(run)));
        String csv = ReportText.csv(rows);
        String sha256 = sha256(csv);
        store.render(
                id, Long.parseLong(run), new ReportStore.Rendered(csv, ReportText.html(date, rows, sha256), sha256));
        return "RENDERED";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
