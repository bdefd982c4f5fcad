package io.auspex.promql.rest;

import io.auspex.promql.PlanNode;
import io.auspex.promql.QueryStatistics;
import io.auspex.promql.boundary.QueryOutcome;
import io.auspex.promql.boundary.QueryRequest;
import io.auspex.series.ReadCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a query cost.
 *
 * @param steps at how many times it was evaluated
 * @param series read from storage
 * @param samples touched, summed over steps
 * @param plan its parts, each before those that it works on
 */
public record QueryExplanation(
        int steps,
        int resultSeries,
        long series,
        long samples,
        long peakSamples,
        long peakBytes,
        Phases phases,
        Read read,
        List<Part> plan) {
    private static final double SECOND = 1e9;

    /**
     * Where the time went, in seconds.
     *
     * @param queue waiting for a slot
     * @param prepare parsing
     * @param evaluate evaluation, without fetching
     * @param fetch waiting for packs
     */
    public record Phases(double queue, double prepare, double evaluate, double fetch) {}

    /** What was read from which tier. */
    public record Read(Head head, Packs packs) {
        static Read of(ReadCost cost) {
            return new Read(
                    new Head(cost.headSamples()),
                    new Packs(
                            cost.packedSamples(),
                            cost.chunks(),
                            cost.packs(),
                            cost.packBytes(),
                            cost.fetchNanos() / SECOND));
        }
    }

    /** From memory. */
    public record Head(long samples) {}

    /** From PostgreSQL. */
    public record Packs(long samples, long chunks, long packs, long bytes, double seconds) {}

    /**
     * One part of the query.
     *
     * @param depth of the part in the tree, the whole at 0
     * @param start where it begins in the query's text, in UTF-16 units
     * @param end where it ends
     * @param once whether it was evaluated once for all steps
     * @param seconds with the parts below it
     * @param ownSeconds without them
     * @param series that it handed over
     * @param read of a selector only
     */
    public record Part(
            int depth,
            String kind,
            String text,
            int start,
            int end,
            boolean once,
            double seconds,
            double ownSeconds,
            long series,
            long samples,
            long peakSamples,
            @Nullable Read read) {}

    static QueryExplanation of(QueryRequest request, QueryOutcome outcome) {
        QueryStatistics statistics = outcome.result().statistics();
        ReadCost read = statistics.read();
        List<Part> parts = new ArrayList<>();
        outcome.result().plan().ifPresent(root -> list(root, 0, parts));
        return new QueryExplanation(
                request.steps().count(),
                outcome.result().series().size(),
                statistics.series(),
                statistics.totalSamples(),
                statistics.peakSamples(),
                statistics.peakBytes(),
                new Phases(
                        outcome.queueNanos() / SECOND,
                        outcome.prepareNanos() / SECOND,
                        (outcome.evaluationNanos() - read.fetchNanos()) / SECOND,
                        read.fetchNanos() / SECOND),
                Read.of(read),
                parts);
    }

    private static void list(PlanNode node, int depth, List<Part> into) {
        into.add(new Part(
                depth,
                node.kind().name().toLowerCase(Locale.ROOT),
                node.text(),
                node.position().start(),
                node.position().end(),
                node.once(),
                node.nanos() / SECOND,
                node.ownNanos() / SECOND,
                node.series(),
                node.samples(),
                node.peakSamples(),
                node.read().map(Read::of).orElse(null)));
        node.children().forEach(child -> list(child, depth + 1, into));
    }
}
