package io.auspex.ingest;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What became of one request: what was written, and of what was refused the reason, the count and one example.
 *
 * <p>{@code sent = written + rejected + dropped} for float samples and for histograms together. Filled by one thread.
 */
public final class Account {
    /** Refused samples of one reason. */
    public static final class Refusal {
        private final String series;
        private final String detail;
        private long samples;

        private Refusal(String series, String detail) {
            this.series = series;
            this.detail = detail;
        }

        /** The first series that was refused for the reason. */
        public String series() {
            return series;
        }

        /** What was wrong with its sample: the timestamp or the limit; may be empty. */
        public String detail() {
            return detail;
        }

        public long samples() {
            return samples;
        }
    }

    private final Map<Reason, Refusal> refusals = new EnumMap<>(Reason.class);
    private final LineErrors lines = new LineErrors();
    private final BitSet items = new BitSet();
    private long samples;
    private long histograms;
    private long exemplars;
    private long rejected;
    private long dropped;

    public void written(long floatSamples, long histogramSamples) {
        samples += floatSamples;
        histograms += histogramSamples;
    }

    /** Counts exemplars that are stored. They are extras: those that are refused do not count as rejected samples. */
    public void exemplars(long stored) {
        exemplars += stored;
    }

    /** Whether the next refusal for the reason needs no example any more. */
    public boolean knows(Reason reason) {
        return refusals.containsKey(reason);
    }

    /** Counts a refused sample; the first one of a reason is kept as its example. */
    public void reject(Reason reason, String series, String detail) {
        refusals.computeIfAbsent(reason, absent -> new Refusal(series, detail)).samples++;
        rejected++;
    }

    /** Counts a refused sample of a reason that {@link #knows has} an example. */
    public void rejectAgain(Reason reason) {
        reject(reason, "", "");
    }

    /** Counts the lines of a text that cannot be read, as one sample each. */
    public void rejectLines(LineErrors errors) {
        for (LineError error : errors.first()) {
            reject(Reason.LINE_INVALID, "", "line " + error.line() + ": " + error.message());
            lines.add(error.line(), error.message());
            items.set(error.line());
        }
        for (long i = errors.first().size(); i < errors.count(); i++) {
            rejectAgain(Reason.LINE_INVALID);
        }
    }

    /** Notes from which line or data point a sample comes that was refused for a reason. */
    public void refusedAt(int item, Reason reason) {
        lines.add(item, reason.text());
        items.set(item);
    }

    /** How many lines or data points have a sample that was refused. */
    public int refusedItems() {
        return items.cardinality();
    }

    /** Lines of a text with something that was refused. */
    public LineErrors lines() {
        return lines;
    }

    /** Float samples that are stored, those that were there already included. */
    public long samples() {
        return samples;
    }

    public long histograms() {
        return histograms;
    }

    /** Exemplars that are stored, those that were there already included. */
    public long exemplars() {
        return exemplars;
    }

    /** Counts a sample that a rule of the tenant drops, which is what the tenant wants. */
    public void drop() {
        dropped++;
    }

    /** Samples that rules of the tenant have dropped. */
    public long dropped() {
        return dropped;
    }

    public long rejected() {
        return rejected;
    }

    public Map<Reason, Refusal> refusals() {
        return refusals;
    }

    /** One line for the sender: what was refused and why, with an example for each reason. */
    public String message() {
        StringJoiner text = new StringJoiner(
                "; ", rejected + " of " + (rejected + samples + histograms) + " samples rejected: ", "");
        refusals.forEach((reason, refusal) -> text.add(refusal.samples() + " x " + reason.text()
                + (refusal.detail().isEmpty() ? "" : " (" + refusal.detail() + ")")
                + (refusal.series().isEmpty() ? "" : ", for example series " + refusal.series())));
        return text.toString();
    }
}
