package io.auspex.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * The metrics Auspex keeps of itself, in the data model of Prometheus.
 *
 * <p>A family is created once by name and is then found again under it; asking for the same name with another
 * type or other labels is a programming error. Thread-safe; recording never blocks. A family holds at most
 * {@link #MAX_CHILDREN} label combinations; what comes beyond is recorded under the label value
 * {@value #OVERFLOW}, so that no request can grow the process.
 */
public final class Meters {
    public static final int MAX_CHILDREN = 1_000;
    public static final String OVERFLOW = "other";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private final ConcurrentSkipListMap<String, MeterFamily> families = new ConcurrentSkipListMap<>();
    private final List<Collector> collectors = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** Something that reads its values when asked, for instance from the operating system. */
    @FunctionalInterface
    public interface Collector {
        void collect(Sink sink);
    }

    /** Receives families and their samples in order: a family, then its samples. */
    public interface Sink {
        void family(String name, MeterType type, String help);

        /**
         * @param suffix what follows the family's name in the sample's, empty for counters and gauges
         * @param labels alternating names and values
         */
        void sample(String suffix, String[] labels, double value);
    }

    /** A count that only grows; its name ends in {@code _total}. */
    public MeterFamily counter(String name, String help, String... labelNames) {
        if (!name.endsWith("_total")) {
            throw new IllegalArgumentException("a counter's name ends in _total, got " + name);
        }
        return family(new MeterFamily(check(name), MeterType.COUNTER, help, labelNames, new double[0]));
    }

    public MeterFamily gauge(String name, String help, String... labelNames) {
        return family(new MeterFamily(check(name), MeterType.GAUGE, help, labelNames, new double[0]));
    }

    /** A gauge that is read when it is asked for. */
    public void gauge(String name, String help, DoubleSupplier value) {
        collect(sink -> {
            sink.family(name, MeterType.GAUGE, help);
            sink.sample("", new String[0], value.getAsDouble());
        });
    }

    /**
     * A distribution with classic buckets.
     *
     * @param upperBounds ascending, without +Inf
     */
    public MeterFamily histogram(String name, String help, double[] upperBounds, String... labelNames) {
        return family(new MeterFamily(check(name), MeterType.HISTOGRAM, help, labelNames, upperBounds.clone()));
    }

    /** Adds a source that is read at each exposition. */
    public void collect(Collector collector) {
        collectors.add(collector);
    }

    /** Hands over all families, registered ones first, each with all its samples. */
    public void expose(Sink sink) {
        for (MeterFamily family : new ArrayList<>(families.values())) {
            family.expose(sink);
        }
        for (Collector collector : collectors) {
            collector.collect(sink);
        }
    }

    private MeterFamily family(MeterFamily created) {
        MeterFamily known = families.putIfAbsent(created.name(), created);
        if (known == null) {
            return created;
        }
        if (!known.isLike(created)) {
            throw new IllegalArgumentException(
                    "metric " + created.name() + " exists with another type or other labels");
        }
        return known;
    }

    private static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a metric name: " + name);
        }
        return name;
    }
}
