package io.auspex.report.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.promql.FloatSeries;
import io.auspex.report.HealthMeasure;
import io.auspex.report.HealthRow;
import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTextTest {
    private static final HealthRow EVIL =
            new HealthRow("=cmd()|\"x\",<b>", "load", "processes", 1.5, Double.NaN, 3, 10);

    @Test
    void csv_isRfc4180_andHarmlessToSpreadsheets() {
        assertThat(ReportText.csv(List.of(EVIL)))
                .isEqualTo("measure,entity,unit,mean,p95,worst,samples\r\n"
                        + "load,\"'=cmd()|\"\"x\"\",<b>\",processes,1.50000,,3.00000,10\r\n");
    }

    @Test
    void html_escapesWhatSendersNamed() {
        String html = ReportText.html(LocalDate.of(2026, 11, 21), List.of(EVIL), "abc");

        assertThat(html).contains("&lt;b&gt;").doesNotContain("<b>").contains("2026-11-21");
    }

    @Test
    void html_saysWhatToDo_whenThereIsNothing() {
        assertThat(ReportText.html(LocalDate.of(2026, 11, 21), List.of(), "abc"))
                .contains("/api/v1/write");
    }

    @Test
    void row_takesTheLowestAsWorst_whereHighIsGood() {
        SampleColumn up = new SampleColumn();
        for (int i = 0; i < 100; i++) {
            up.append(i, i < 10 ? 0 : 1);
        }

        HealthRow row = MeasureProcessor.row(HealthMeasure.AVAILABILITY, new FloatSeries(Labels.of("job", "a"), up));

        assertThat(row.mean()).isEqualTo(0.9);
        assertThat(row.p95()).isZero();
        assertThat(row.worst()).isZero();
        assertThat(row.entity()).isEqualTo("{job=\"a\"}");
    }
}
