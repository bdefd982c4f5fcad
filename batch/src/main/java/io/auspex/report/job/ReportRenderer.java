package io.auspex.report.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.report.HealthRow;
import io.auspex.report.control.ReportStore;
import io.auspex.tenancy.TenantId;
import jakarta.batch.api.AbstractBatchlet;
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
    RunProgress progress;

    @Inject
    ReportStore store;

    @Override
    public String process() {
        TenantId tenant = progress.tenant();
        LocalDate day = LocalDate.parse(progress.parameter(ServiceHealthReport.DAY));
        List<HealthRow> rows = new ArrayList<>();
        int anomalies = store.anomalies(tenant, day);
        rows.add(new HealthRow("all", "anomalies", "events", anomalies, Double.NaN, Double.NaN, anomalies));
        rows.addAll(store.rows(tenant, progress.run()));
        String csv = ReportText.csv(rows);
        String sha256 = sha256(csv);
        store.render(
                tenant, progress.run(), day, new ReportStore.Rendered(csv, ReportText.html(day, rows, sha256), sha256));
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
