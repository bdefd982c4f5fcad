package io.auspex.live.control;

import io.auspex.live.DueSteps;
import io.auspex.live.LiveRequest;
import io.auspex.live.LiveSink;
import io.auspex.live.SseEvent;
import io.auspex.platform.AuspexException;
import io.auspex.promql.Engine;
import io.auspex.promql.Expr;
import io.auspex.promql.Parser;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.promql.Steps;
import io.auspex.series.SampleReader;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;

/** One subscriber: its expressions, and how far it has been told. */
final class LiveSubscription {
    private static final System.Logger LOG = System.getLogger(LiveSubscription.class.getName());

    private final TenantId tenant;
    private final Engine engine;
    private final List<Expr> expressions = new ArrayList<>();
    private final LiveRequest request;
    private final LiveSink sink;
    private final DueSteps steps;
    private final long startedMillis;

    LiveSubscription(
            TenantId tenant, Engine engine, LiveRequest request, LiveSink sink, QueryOptions options, long nowMillis) {
        this.tenant = tenant;
        this.engine = engine;
        this.request = request;
        this.sink = sink;
        this.startedMillis = nowMillis;
        this.steps = new DueSteps(request.stepMillis(), request.afterMillis().orElse(nowMillis));
        request.queries().forEach(query -> expressions.add(Parser.parse(query, options.dialect())));
    }

    TenantId tenant() {
        return tenant;
    }

    long startedMillis() {
        return startedMillis;
    }

    boolean send(byte[] event) {
        return sink.send(event);
    }

    void close() {
        sink.close();
    }

    /**
     * Evaluates and sends what is due; false when the subscriber is gone. One thread at a time.
     *
     * @param knownMillis time of the youngest sample of the tenant
     */
    synchronized boolean push(SampleReader reader, QueryOptions options, long knownMillis) {
        if (expressions.isEmpty()) {
            return true;
        }
        return steps.due(knownMillis).map(span -> push(reader, options, span)).orElse(true);
    }

    private boolean push(SampleReader reader, QueryOptions options, DueSteps.Span span) {
        if (span.count() > DueSteps.MAX_STEPS) {
            steps.told(span.lastMillis());
            return sink.send(SseEvent.of("reset", id(span.lastMillis()), "{}"));
        }
        Steps grid = Steps.range(span.firstMillis(), span.lastMillis(), span.stepMillis());
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            try {
                results.add(engine.range(request.queries().get(i), expressions.get(i), reader, grid, options));
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "live query refused tenant={0} error={1}", tenant, e.detail());
                results.add(PointsJson.NOTHING);
            }
        }
        boolean open = true;
        for (int step = 0; step < grid.count() && open; step++) {
            long time = grid.time(step);
            open = sink.send(SseEvent.of("points", id(time), PointsJson.write(results, step, time)));
            steps.told(time);
        }
        return open;
    }

    private static String id(long millis) {
        return Long.toString(millis);
    }
}
