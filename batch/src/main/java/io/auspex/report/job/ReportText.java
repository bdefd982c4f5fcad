package io.auspex.report.job;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.auspex.report.HealthRow;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as CSV and HTML. Equal rows give equal text: neither holds the time at which it was made. */
final class ReportText {
    private static final String FORMULA_STARTS = "=+-@\t\r";

    private ReportText() {}

    /** RFC 4180, with text that a spreadsheet would take for a formula made harmless by an apostrophe. */
    static String csv(List<HealthRow> rows) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text)) {
            csv.writeRecord("measure", "entity", "unit", "mean", "p95", "worst", "samples");
            for (HealthRow row : rows) {
                csv.writeRecord(
                        harmless(row.measure()),
                        harmless(row.entity()),
                        harmless(row.unit()),
                        cell(row.mean()),
                        cell(row.p95()),
                        cell(row.worst()),
                        Long.toString(row.samples()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** An absent number is an empty cell, which is not the same as an empty text. */
    private static @Nullable String cell(double value) {
        return Double.isFinite(value) ? number(value) : null;
    }

    private static String harmless(String cell) {
        return !cell.isEmpty() && FORMULA_STARTS.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    /** A page of its own, without scripts, styled by the browser alone. */
    static String html(LocalDate day, List<HealthRow> rows, String sha256) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Service health ");
        html.append(day)
                .append("</title></head><body><h1>Service health, ")
                .append(day)
                .append("</h1>\n");
        if (rows.isEmpty()) {
            html.append("<p>No samples of this day. Send metrics to <code>/api/v1/write</code>.</p>\n");
        }
        String measure = "";
        for (HealthRow row : rows) {
            if (!row.measure().equals(measure)) {
                html.append(measure.isEmpty() ? "" : "</tbody></table>\n");
                measure = row.measure();
                html.append("<h2>")
                        .append(escape(measure))
                        .append("</h2>\n<table><thead><tr><th scope=\"col\">Entity</th>")
                        .append("<th scope=\"col\">Mean</th><th scope=\"col\">95 %</th><th scope=\"col\">Worst</th>")
                        .append("<th scope=\"col\">Unit</th><th scope=\"col\">Samples</th></tr></thead><tbody>\n");
            }
            html.append("<tr><th scope=\"row\">").append(escape(row.entity())).append("</th>");
            for (double value : new double[] {row.mean(), row.p95(), row.worst()}) {
                html.append("<td>").append(number(value)).append("</td>");
            }
            html.append("<td>")
                    .append(escape(row.unit()))
                    .append("</td><td>")
                    .append(row.samples())
                    .append("</td></tr>\n");
        }
        html.append(measure.isEmpty() ? "" : "</tbody></table>\n");
        return html.append("<p>SHA-256 of the CSV: <code>")
                .append(sha256)
                .append("</code></p></body></html>\n")
                .toString();
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
