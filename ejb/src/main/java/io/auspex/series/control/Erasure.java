package io.auspex.series.control;

import io.auspex.series.ErasedSeries;
import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Erases for good what a deletion hides: samples from packs and roll-ups, and of series of which nothing is left
 * everything else as well (ADR 051). May be repeated after any failure: what is hidden stays hidden until all is done.
 */
final class Erasure {
    private final TenantJdbc jdbc;
    private final Head head;
    private final SeriesRegistry registry;
    private final PackErasure packs;
    private final Barrier barrier;

    /** Waits until all that the log has by now is applied to the head. */
    @FunctionalInterface
    interface Barrier {
        void await() throws InterruptedException;
    }

    Erasure(TenantJdbc jdbc, Head head, SeriesRegistry registry, PackErasure packs, Barrier barrier) {
        this.jdbc = jdbc;
        this.head = head;
        this.registry = registry;
        this.packs = packs;
        this.barrier = barrier;
    }

    /**
     * What was erased.
     *
     * @param series gone with their labels
     * @param metrics of which no series is left
     * @param samples taken out of packs
     */
    record Outcome(List<Labels> series, Set<String> metrics, long samples) {}

    /** Writes down that it was done, in the transaction that does the last of it. */
    @FunctionalInterface
    interface Record {
        void write(Connection connection, Outcome outcome) throws SQLException;
    }

    /**
     * Erases; the head must have been flushed and have let go of what was written.
     *
     * @param refs by stored id, as they were when it was asked for
     */
    Outcome run(
            TenantId tenant,
            Map<Long, Integer> refs,
            Tombstones.Deletion deletion,
            Consumer<ErasedSeries> tell,
            Record done)
            throws InterruptedException {
        TreeMap<Long, Set<Long>> segments = new TreeMap<>();
        refs.forEach((id, ref) -> segments.computeIfAbsent(registry.segment(ref), absent -> new HashSet<>())
                .add(id));
        long samples = 0;
        for (Map.Entry<Long, Set<Long>> segment : segments.entrySet()) {
            PackErasure.What what =
                    new PackErasure.What(segment.getValue(), deletion.fromMillis(), deletion.toMillis());
            samples += packs.erase(tenant, List.of(segment.getKey()), what);
        }
        TenantSeries series = registry.of(tenant);
        // nobody registers a series of the tenant meanwhile, so none comes back under our hands
        synchronized (series) {
            Map<Long, Integer> empty = new HashMap<>();
            segments.forEach((segment, ids) -> {
                Set<Long> left = packs.left(tenant, segment, ids);
                ids.stream().filter(id -> !left.contains(id)).forEach(id -> empty.put(id, refs.get(id)));
            });
            return removeSeries(tenant, series, refs, empty, samples, deletion, tell, done);
        }
    }

    private Outcome removeSeries(
            TenantId tenant,
            TenantSeries series,
            Map<Long, Integer> all,
            Map<Long, Integer> empty,
            long samples,
            Tombstones.Deletion deletion,
            Consumer<ErasedSeries> tell,
            Record done)
            throws InterruptedException {
        Map<Long, SeriesRegistry.Stored> stored =
                jdbc.call(tenant, connection -> SeriesRegistry.stored(connection, empty.keySet()));
        // one that was let go before, by a try that failed, may live again under another ref
        empty.entrySet().removeIf(each -> {
            SeriesRegistry.Stored identity = stored.get(each.getKey());
            int ref = identity == null ? -1 : series.map.find(identity.high(), identity.low());
            return ref >= 0 && ref != each.getValue();
        });
        // first nobody finds them any more, then what was found before is in the head, then those without samples go
        stored.values().stream()
                .filter(identity -> empty.containsKey(identity.id()))
                .forEach(identity -> series.map.remove(identity.high(), identity.low()));
        barrier.await();
        empty.entrySet().removeIf(each -> {
            boolean gone = head.unregisterIdle(each.getValue());
            SeriesRegistry.Stored identity = stored.get(each.getKey());
            if (!gone && identity != null) {
                series.map.putIfAbsent(identity.high(), identity.low(), each.getValue());
            }
            return !gone;
        });
        Outcome outcome = outcome(series.index, empty.values(), samples);
        tell.accept(new ErasedSeries(tenant, outcome.series(), values(series.index, outcome.series())));
        jdbc.run(tenant, connection -> {
            ExemplarTable.erase(connection, all.keySet(), deletion.fromMillis(), deletion.toMillis());
            ExemplarTable.erase(connection, empty.keySet(), Long.MIN_VALUE, Long.MAX_VALUE);
            SeriesRegistry.delete(connection, empty.keySet());
            MetadataStore.erase(connection, outcome.metrics());
            done.write(connection, outcome);
        });
        empty.values().forEach(series.index::remove);
        return outcome;
    }

    /** Label values that only these series have. */
    static Set<String> values(LabelIndex index, List<Labels> gone) {
        Map<Map.Entry<String, String>, Integer> counts = new HashMap<>();
        for (Labels labels : gone) {
            for (int i = 0; i < labels.size(); i++) {
                counts.merge(Map.entry(labels.name(i), labels.value(i)), 1, Integer::sum);
            }
        }
        Set<String> values = new HashSet<>();
        counts.forEach((label, count) -> {
            if (index.cardinality(label.getKey(), label.getValue()) <= count) {
                values.add(label.getValue());
            }
        });
        return values;
    }

    static Outcome outcome(LabelIndex index, Collection<Integer> refs, long samples) {
        List<Labels> labels = new ArrayList<>();
        Map<String, Integer> ofMetric = new HashMap<>();
        for (int ref : refs) {
            Labels found = index.labels(ref);
            if (found != null) {
                labels.add(found);
                ofMetric.merge(found.metric(), 1, Integer::sum);
            }
        }
        ofMetric.entrySet().removeIf(each -> index.cardinality(Labels.METRIC_NAME, each.getKey()) > each.getValue());
        return new Outcome(labels, Set.copyOf(ofMetric.keySet()), samples);
    }
}
