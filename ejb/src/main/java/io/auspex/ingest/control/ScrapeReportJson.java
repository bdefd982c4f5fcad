package io.auspex.ingest.control;

import io.auspex.ingest.ScrapeReport;
import io.auspex.series.Labels;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link ScrapeReport} as the nodes tell each other. */
final class ScrapeReportJson {
    private ScrapeReportJson() {}

    static String write(ScrapeReport report) {
        JsonArrayBuilder active = Json.createArrayBuilder();
        report.active()
                .forEach(target -> active.add(Json.createObjectBuilder()
                        .add("pool", target.pool())
                        .add("discovered", labels(target.discovered()))
                        .add("labels", labels(target.labels()))
                        .add("url", target.url())
                        .add("health", target.health().name())
                        .add("lastError", target.lastError())
                        .add("lastScrape", target.lastScrapeMillis())
                        .add("seconds", target.lastSeconds())
                        .add("samples", target.lastSamples())
                        .add("interval", target.intervalMillis())
                        .add("timeout", target.timeoutMillis())));
        JsonArrayBuilder dropped = Json.createArrayBuilder();
        report.dropped()
                .forEach(target -> dropped.add(Json.createObjectBuilder()
                        .add("pool", target.pool())
                        .add("discovered", labels(target.discovered()))));
        return Json.createObjectBuilder()
                .add("pools", Json.createArrayBuilder(report.pools()))
                .add("active", active)
                .add("dropped", dropped)
                .add("problems", Json.createArrayBuilder(report.problems()))
                .build()
                .toString();
    }

    private static JsonObjectBuilder labels(Labels labels) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        labels.forEach(json::add);
        return json;
    }

    static ScrapeReport read(String json) {
        if (json.isEmpty()) {
            return ScrapeReport.NONE;
        }
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            JsonObject report = reader.readObject();
            return new ScrapeReport(
                    texts(report.getJsonArray("pools")),
                    report.getJsonArray("active").getValuesAs(JsonObject.class).stream()
                            .map(ScrapeReportJson::target)
                            .toList(),
                    report.getJsonArray("dropped").getValuesAs(JsonObject.class).stream()
                            .map(one -> new ScrapeReport.Dropped(
                                    one.getString("pool"), labels(one.getJsonObject("discovered"))))
                            .toList(),
                    texts(report.getJsonArray("problems")));
        }
    }

    private static ScrapeReport.Target target(JsonObject json) {
        return new ScrapeReport.Target(
                json.getString("pool"),
                labels(json.getJsonObject("discovered")),
                labels(json.getJsonObject("labels")),
                json.getString("url"),
                ScrapeReport.Health.valueOf(json.getString("health")),
                json.getString("lastError"),
                json.getJsonNumber("lastScrape").longValue(),
                json.getJsonNumber("seconds").doubleValue(),
                json.getInt("samples"),
                json.getJsonNumber("interval").longValue(),
                json.getJsonNumber("timeout").longValue());
    }

    private static Labels labels(JsonObject json) {
        return Labels.of(json.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> ((JsonString) entry.getValue()).getString())));
    }

    private static List<String> texts(JsonArray json) {
        return json.getValuesAs(JsonString::getString);
    }
}
