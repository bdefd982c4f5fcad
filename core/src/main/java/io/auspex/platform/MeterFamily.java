package io.auspex.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** All meters of one name, told apart by their label values. */
public final class MeterFamily {
    private final String name;
    private final MeterType type;
    private final String help;
    private final String[] labelNames;
    private final double[] upperBounds;
    private final Map<List<String>, Meter> children = new ConcurrentHashMap<>();

    MeterFamily(String name, MeterType type, String help, String[] labelNames, double[] upperBounds) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.labelNames = labelNames.clone();
        this.upperBounds = upperBounds;
        if (labelNames.length == 0) {
            children.put(List.of(), new Meter(upperBounds));
        }
    }

    /** One meter; keep it where it is used often. */
    public static final class Meter {
        private final DoubleAdder sum = new DoubleAdder();
        private final double[] upperBounds;
        private final LongAdder[] buckets;
        private volatile double level;

        private Meter(double[] upperBounds) {
            this.upperBounds = upperBounds;
            this.buckets = new LongAdder[upperBounds.length + 1];
            Arrays.setAll(buckets, i -> new LongAdder());
        }

        /** Adds one to a counter. */
        public void increment() {
            sum.add(1);
        }

        /** Adds to a counter; the amount is not negative. */
        public void add(double amount) {
            sum.add(amount);
        }

        /** Sets a gauge. */
        public void set(double value) {
            level = value;
        }

        /** Records one observation of a histogram. */
        public void observe(double value) {
            int bucket = 0;
            while (bucket < upperBounds.length && !(value <= upperBounds[bucket])) {
                bucket++;
            }
            buckets[bucket].increment();
            sum.add(value);
        }

        /** The sum of what was added or observed. */
        public double sum() {
            return sum.sum();
        }
    }

    /** The meter with these label values, in the order of the family's label names. */
    public Meter with(String... labelValues) {
        if (labelValues.length != labelNames.length) {
            throw new IllegalArgumentException(
                    name + " has " + labelNames.length + " labels, got " + labelValues.length + " values");
        }
        List<String> key = List.of(labelValues);
        Meter meter = children.get(key);
        if (meter != null) {
            return meter;
        }
        if (children.size() >= Meters.MAX_CHILDREN) {
            String[] overflow = new String[labelNames.length];
            Arrays.fill(overflow, Meters.OVERFLOW);
            key = List.of(overflow);
        }
        return children.computeIfAbsent(key, absent -> new Meter(upperBounds));
    }

    String name() {
        return name;
    }

    boolean isLike(MeterFamily other) {
        return type == other.type
                && Arrays.equals(labelNames, other.labelNames)
                && Arrays.equals(upperBounds, other.upperBounds);
    }

    void expose(Meters.Sink sink) {
        if (children.isEmpty()) {
            return;
        }
        sink.family(name, type, help);
        children.forEach((values, meter) -> {
            String[] labels = labels(values, type == MeterType.HISTOGRAM ? 1 : 0);
            switch (type) {
                case COUNTER -> sink.sample("", labels, meter.sum.sum());
                case GAUGE -> sink.sample("", labels, meter.level);
                case HISTOGRAM -> exposeHistogram(sink, labels, meter);
            }
        });
    }

    private void exposeHistogram(Meters.Sink sink, String[] labels, Meter meter) {
        long cumulative = 0;
        labels[labels.length - 2] = "le";
        for (int i = 0; i < meter.buckets.length; i++) {
            cumulative += meter.buckets[i].sum();
            labels[labels.length - 1] = i < upperBounds.length ? format(upperBounds[i]) : "+Inf";
            sink.sample("_bucket", labels.clone(), cumulative);
        }
        String[] plain = Arrays.copyOf(labels, labels.length - 2);
        sink.sample("_sum", plain, meter.sum.sum());
        sink.sample("_count", plain, cumulative);
    }

    private String[] labels(List<String> values, int spare) {
        String[] labels = new String[2 * (values.size() + spare)];
        for (int i = 0; i < values.size(); i++) {
            labels[2 * i] = labelNames[i];
            labels[2 * i + 1] = values.get(i);
        }
        return labels;
    }

    /** A number as the exposition formats write it. */
    static String format(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value);
    }
}
