package io.auspex.promql;

import io.auspex.platform.GoQuote;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.ReadCost;
import io.auspex.series.SampleReader;
import java.util.List;

/** One running query: what it reads, what it may use, what it has noted. Confined to its thread. */
final class Evaluation {
    private static final long[] NOWHERE = {};

    private final String query;
    private final SampleReader reader;
    private final QueryOptions options;
    private final Steps outer;
    private final FunctionRegistry functions;
    private final Annotations annotations = new Annotations();

    private long undone = CHECK_EVERY;
    private long heldSamples;
    private long heldBytes;
    private long peakSamples;
    private long peakBytes;
    private long totalSamples;
    private int series;
    private final long[] samplesPerStep;
    private ReadCost read = ReadCost.NONE;
    private final Profile profile;

    Evaluation(String query, SampleReader reader, QueryOptions options, Steps outer, FunctionRegistry functions) {
        this.query = query;
        this.reader = reader;
        this.options = options;
        this.outer = outer;
        this.functions = functions;
        this.samplesPerStep = new long[options.samplesPerStep() ? outer.count() : 0];
        this.profile = new Profile(options.plan());
    }

    /** A string literal as the query has it; quoted anew when the text is not at hand. */
    String text(Position position, String value) {
        return position.end() <= query.length()
                ? query.substring(position.start(), position.end())
                : GoQuote.string(value);
    }

    SampleReader reader() {
        return reader;
    }

    QueryOptions options() {
        return options;
    }

    /** Who measures what the parts of the query cost. */
    Profile profile() {
        return profile;
    }

    /** Counts what a selection has read. */
    void countRead(ReadCost cost) {
        read = read.plus(cost);
        profile.read(cost);
    }

    FunctionRegistry functions() {
        return functions;
    }

    Annotations annotations() {
        return annotations;
    }

    boolean delayedNameRemoval() {
        return options.dialect().delayedNameRemoval();
    }

    /** The time that an {@code @} modifier of this query means. */
    long resolve(At at) {
        return at.resolve(outer.start(), outer.end());
    }

    /** Stops the query when its guard says so. */
    void check() {
        options.guard().require();
    }

    void countSeries() {
        if (++series > options.limits().maxSeries()) {
            throw QueryException.tooManySeries(options.limits().maxSeries());
        }
    }

    void countTouched(long samples) {
        totalSamples += samples;
        profile.touched(samples);
    }

    /** Where touched samples of each of some steps are counted; empty when nobody wants to know. */
    long[] samplesPerStep(Steps steps) {
        return samplesPerStep.length > 0 && steps.start() == outer.start() && steps.interval() == outer.interval()
                ? samplesPerStep
                : NOWHERE;
    }

    /** Counts a column's points as touched. */
    void countTouched(SeriesColumn column) {
        countTouched(column.weight());
        long[] perStep = samplesPerStep(column.steps());
        for (int slot = column.next(0); slot >= 0 && perStep.length > 0; slot = column.next(slot + 1)) {
            NativeHistogram histogram = column.histogram(slot);
            perStep[slot] += histogram == null ? 1 : SeriesColumn.weight(histogram);
        }
    }

    long heldSamples() {
        return heldSamples;
    }

    long heldBytes() {
        return heldBytes;
    }

    /** Units of work between two looks at the guard; a unit is about one sample looked at. */
    private static final long CHECK_EVERY = 1 << 20;

    /** Making a text costs far more than looking at a sample. */
    private static final int WORK_PER_REMARK = 1_000;

    /** Says that work was done, so that long loops over one column can be stopped, too. */
    void work(long units) {
        undone -= units;
        if (undone <= 0) {
            undone = CHECK_EVERY;
            check();
        }
    }

    /** Notes a quantile that is none; a query may have as many of them as it has steps. */
    void noteQuantile(double q, Position position) {
        if (!(q >= 0 && q <= 1)) {
            work(WORK_PER_REMARK);
            annotations.invalidQuantile(q, position);
        }
    }

    /** Refuses a column before it is made, when it cannot fit. */
    void reserve(Steps steps) {
        if (heldBytes + SeriesColumn.bytes(steps.count()) > options.limits().maxBytes()) {
            throw QueryException.tooMuchMemory(options.limits().maxBytes());
        }
    }

    /** A new column of a result under construction, whose size counts from now on. */
    SeriesColumn column(Labels labels, Steps steps) {
        reserve(steps);
        hold(0, SeriesColumn.bytes(steps.count()));
        return new SeriesColumn(labels, steps);
    }

    /** Counts a column as held. */
    void hold(SeriesColumn column) {
        hold(column.weight(), column.bytes());
    }

    void hold(List<SeriesColumn> columns) {
        for (SeriesColumn column : columns) {
            hold(column);
        }
    }

    void hold(long samples, long bytes) {
        heldSamples += samples;
        heldBytes += bytes;
        peakSamples = Math.max(peakSamples, heldSamples);
        peakBytes = Math.max(peakBytes, heldBytes);
        profile.held(heldSamples);
        if (heldSamples > options.limits().maxSamples()) {
            throw QueryException.tooManySamples();
        }
        if (heldBytes > options.limits().maxBytes()) {
            throw QueryException.tooMuchMemory(options.limits().maxBytes());
        }
    }

    /** Goes back to what was held before, so that a finished operand no longer counts. */
    void release(long samples, long bytes) {
        heldSamples = samples;
        heldBytes = bytes;
    }

    QueryStatistics statistics() {
        return new QueryStatistics(totalSamples, peakSamples, peakBytes, series, samplesPerStep, read);
    }
}
