package io.auspex.promql.rest;

import io.auspex.promql.QueryStatistics;
import io.auspex.promql.boundary.QueryOutcome;
import io.auspex.promql.boundary.QueryRequest;
import io.auspex.series.Tier;
import java.io.IOException;

/** What a query cost, in the shape of the reference's {@code stats}; and the tiers that were read. */
final class QueryStatsJson {
    private static final double SECOND = 1e9;

    private QueryStatsJson() {}

    static void write(QueryRequest query, QueryOutcome outcome, JsonWriter json) throws IOException {
        double queued = outcome.queueNanos() / SECOND;
        double prepared = outcome.prepareNanos() / SECOND;
        double evaluated = outcome.evaluationNanos() / SECOND;
        json.beginObject().name("timings").beginObject();
        seconds("evalTotalTime", prepared + evaluated, json);
        // results are sorted as part of the evaluation
        seconds("resultSortTime", 0, json);
        seconds("queryPreparationTime", prepared, json);
        seconds("innerEvalTime", evaluated, json);
        seconds("execQueueTime", queued, json);
        seconds("execTotalTime", queued + prepared + evaluated, json);
        json.endObject();
        samples(query, outcome.result().statistics(), json);
        json.name("tiers").beginArray();
        for (Tier tier : Tier.values()) {
            if (outcome.result().statistics().read().tiers().contains(tier)) {
                json.string(tier.label());
            }
        }
        json.endArray();
        json.endObject();
    }

    private static void samples(QueryRequest query, QueryStatistics statistics, JsonWriter json) throws IOException {
        json.name("samples").beginObject();
        if (query.samplesPerStep() || statistics.samplesPerStep().length > 0) {
            json.name("totalQueryableSamplesPerStep").beginArray();
            long time = query.startMillis();
            for (long samples : statistics.samplesPerStep()) {
                json.beginArray().timestamp(time).number(samples).endArray();
                time += query.stepMillis();
            }
            json.endArray();
        }
        json.name("totalQueryableSamples")
                .number(statistics.totalSamples())
                .name("peakSamples")
                .number(statistics.peakSamples())
                .endObject();
    }

    private static void seconds(String name, double value, JsonWriter json) throws IOException {
        json.name(name).decimal(value);
    }
}
