package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.StaleMarker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the data points of all kinds of OpenTelemetry metrics have in common, and how a sample of one comes into the
 * batch. Not thread-safe.
 *
 * <p>The labels of the resource stand in {@link #labels} before a point begins and are there again after it.
 */
final class OtlpPoints {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int NO_RECORDED_VALUE = 1;
    private static final byte[] QUANTILE = "quantile".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LE = "le".getBytes(StandardCharsets.US_ASCII);

    final ProtoReader in;
    final LabelList labels = new LabelList();
    final OtlpAttributes attributes;

    private final LabelReader reader = new LabelReader();
    private ByteWriter canonical = new ByteWriter(64 << 10);
    private final LabelList exemplarLabels = new LabelList();
    private final ByteWriter exemplarBytes = new ByteWriter(256);
    private IngestLimits limits = IngestLimits.DEFAULT;
    private DecodedBatch into = new DecodedBatch();

    /** Of the metric that is being read. */
    private boolean delta;

    private byte[] name = {};
    private final Map<String, byte[]> suffixed = new HashMap<>();

    /** Of the point that is being read. */
    long time;

    long start;
    boolean stale;
    final List<Exemplar> exemplars = new ArrayList<>();
    private int point;
    private long latest;

    OtlpPoints(ProtoReader in) {
        this.in = in;
        this.attributes = new OtlpAttributes(in);
    }

    void begin(IngestLimits requestLimits, DecodedBatch batch) {
        limits = requestLimits;
        into = batch;
        if (!DecodedBatch.isKept(canonical.array())) {
            canonical = new ByteWriter(64 << 10);
        }
        canonical.clear();
        labels.clear();
        point = 0;
        latest = 0;
    }

    /** A metric begins. */
    void metric(byte[] metricName, boolean isDelta) {
        name = metricName;
        delta = isDelta;
        suffixed.clear();
    }

    private byte[] suffixed(String suffix) {
        byte[] known = suffixed.get(suffix);
        if (known == null) {
            byte[] bytes = suffix.getBytes(StandardCharsets.US_ASCII);
            known = Arrays.copyOf(name, name.length + bytes.length);
            System.arraycopy(bytes, 0, known, name.length, bytes.length);
            suffixed.put(suffix, known);
        }
        return known;
    }

    IngestLimits limits() {
        return limits;
    }

    DecodedBatch batch() {
        return into;
    }

    /** Points so far, refused ones included. */
    int count() {
        return point;
    }

    /** The latest time of a point so far, in Unix milliseconds; forgets it. */
    long takeLatest() {
        long was = latest;
        latest = 0;
        return was;
    }

    void resolve(SeriesResolver resolver) {
        into.resolve(canonical.array(), limits, resolver, reader);
    }

    /** A point begins: its labels are those of the resource until its own are read. */
    void beginPoint() {
        labels.restore();
        exemplars.clear();
        time = 0;
        start = 0;
        stale = false;
        into.atItem(++point);
    }

    void time(long unixNanos) {
        time = Long.divideUnsigned(unixNanos, NANOS_PER_MILLI);
        latest = Math.max(latest, time);
    }

    void start(long unixNanos) {
        start = Long.divideUnsigned(unixNanos, NANOS_PER_MILLI);
    }

    void flags(long flags) {
        stale = (flags & NO_RECORDED_VALUE) != 0;
    }

    void attribute() {
        attributes.readInto(labels, limits.maxLabels());
    }

    /** Adds a sample of the point's series, its exemplars included. */
    void sample(double value) {
        into.addSample(time, stale ? StaleMarker.VALUE : value);
        for (Exemplar exemplar : exemplars) {
            into.addExemplar(exemplar);
        }
        series(name, null, null);
    }

    /** Adds a sample of a series beside that of the metric's name. */
    void sample(String suffix, double value) {
        into.addSample(time, stale ? StaleMarker.VALUE : value);
        series(suffixed(suffix), null, null);
    }

    /** Adds a sample of one quantile of a summary. */
    void quantile(double quantile, double value) {
        into.addSample(time, stale ? StaleMarker.VALUE : value);
        series(name, QUANTILE, Decimals.text(quantile).getBytes(StandardCharsets.US_ASCII));
    }

    /** Adds a sample of a bucket, with the exemplars that fall into it. */
    void bucket(double lower, double bound, byte[] le, double count) {
        into.addSample(time, stale ? StaleMarker.VALUE : count);
        for (Exemplar exemplar : exemplars) {
            if (exemplar.value() > lower && exemplar.value() <= bound) {
                into.addExemplar(exemplar);
            }
        }
        series(suffixed("_bucket"), LE, le);
    }

    /** Refuses the point, as one sample of its metric. */
    void refuse(Reason reason) {
        into.addSample(time, 0);
        int at = write(name, null, null);
        into.addRefused(canonical.array(), at, canonical.size() - at, at, reason);
    }

    /** Adds the sample that describes the resource; belongs to no point. */
    void info(long epochMillis) {
        labels.restore();
        into.atItem(0);
        time = epochMillis;
        start = 0;
        stale = false;
        into.addSample(time, 1);
        series(name, null, null);
    }

    /** Adds the series of a histogram that {@link DecodedBatch#addHistogram} was given. */
    void histogramSeries() {
        for (Exemplar exemplar : exemplars) {
            into.addExemplar(exemplar);
        }
        series(name, null, null);
    }

    private void series(byte[] metric, byte @Nullable [] label, byte @Nullable [] value) {
        int at = write(metric, label, value);
        into.addSeries(canonical.array(), at, canonical.size() - at, at);
        if (delta && !stale) {
            into.delta();
        }
        if (start > 0) {
            into.created(start);
        }
    }

    private int write(byte[] metric, byte @Nullable [] label, byte @Nullable [] value) {
        int at = canonical.size();
        labels.mark();
        labels.add(LabelList.METRIC_NAME, metric);
        if (label != null && value != null) {
            labels.add(label, value);
        }
        labels.writeTo(canonical);
        labels.reset();
        if (canonical.size() > limits.maxBodyBytes()) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE,
                    "the labels of the request take more than the limit of " + limits.maxBodyBytes() + " bytes");
        }
        return at;
    }

    /** Reads the {@code Exemplar} that begins here. */
    void exemplar() {
        int outer = in.enter();
        double value = 0;
        long at = 0;
        String trace = "";
        String span = "";
        exemplarLabels.clear();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x11 -> at = Long.divideUnsigned(in.fixed64(), NANOS_PER_MILLI);
                case 0x19 -> value = in.fixedDouble();
                case 0x31 -> value = in.fixed64();
                case 0x22 -> span = hexadecimal();
                case 0x2a -> trace = hexadecimal();
                case 0x3a -> attributes.readInto(exemplarLabels, limits.maxLabels());
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        Exemplar whole = exemplar(trace, span, true, value, at);
        Exemplar kept = whole == null ? exemplar(trace, span, false, value, at) : whole;
        if (kept != null) {
            exemplars.add(kept);
        }
    }

    private String hexadecimal() {
        int length = in.length();
        String text = HexFormat.of().formatHex(in.bytes, in.position, in.position + Math.min(length, 64));
        in.position += length;
        return text;
    }

    /** The exemplar, null when its labels are longer than they may be. */
    private @Nullable Exemplar exemplar(String trace, String span, boolean withAttributes, double value, long at) {
        if (!withAttributes) {
            exemplarLabels.clear();
        }
        if (!trace.isEmpty()) {
            exemplarLabels.add(
                    "trace_id".getBytes(StandardCharsets.US_ASCII), trace.getBytes(StandardCharsets.US_ASCII));
        }
        if (!span.isEmpty()) {
            exemplarLabels.add("span_id".getBytes(StandardCharsets.US_ASCII), span.getBytes(StandardCharsets.US_ASCII));
        }
        exemplarBytes.clear();
        exemplarLabels.writeTo(exemplarBytes);
        Labels own = reader.readUnnamed(exemplarBytes.array(), 0, exemplarBytes.size(), limits);
        return RemoteWriteDecoder.exemplar(own, value, at);
    }
}
