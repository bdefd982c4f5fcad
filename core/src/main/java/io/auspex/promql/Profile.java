package io.auspex.promql;

import io.auspex.series.ReadCost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Measures what each part of a running query costs. At any time one part is at work, the innermost that was entered;
 * time, samples and reads are its own. Does nothing when switched off. Confined to its thread.
 */
final class Profile {
    private final boolean on;
    private final Map<Expr, Cost> costs = new IdentityHashMap<>();
    private final Deque<Cost> atWork = new ArrayDeque<>();
    private long since;

    /** What one part cost, without the parts below it. */
    static final class Cost {
        final Expr node;
        final @Nullable Cost caller;
        long nanos;
        long touched;
        long peakSamples;
        long series;

        @Nullable
        ReadCost read;

        Cost(Expr node, @Nullable Cost caller) {
            this.node = node;
            this.caller = caller;
        }
    }

    Profile(boolean on) {
        this.on = on;
    }

    /** The part that is at work from now on. */
    void enter(Expr node) {
        if (on) {
            Cost caller = atWork.peek();
            settle();
            atWork.push(costs.computeIfAbsent(node, absent -> new Cost(absent, caller)));
        }
    }

    /** Ends what the last {@link #enter} began. */
    void leave() {
        if (on) {
            settle();
            atWork.pop();
        }
    }

    /** As {@link #leave()}, of a part that has handed over so many series at once. */
    void leave(int series) {
        Cost left = atWork.peek();
        leave();
        if (left != null) {
            left.series = series;
        }
    }

    /** Charges the time since the last look to who was at work. */
    private void settle() {
        long now = System.nanoTime();
        Cost cost = atWork.peek();
        if (cost != null) {
            cost.nanos += now - since;
        }
        since = now;
    }

    void touched(long samples) {
        Cost cost = atWork.peek();
        if (cost != null) {
            cost.touched += samples;
        }
    }

    void held(long samples) {
        Cost cost = atWork.peek();
        if (cost != null) {
            cost.peakSamples = Math.max(cost.peakSamples, samples);
        }
    }

    void read(ReadCost read) {
        Cost cost = atWork.peek();
        if (cost != null) {
            cost.read = cost.read == null ? read : cost.read.plus(read);
        }
    }

    /** A receiver whose work is that of the part which is at work now, whoever hands a series over to it. */
    Consumer<SeriesColumn> outside(Consumer<SeriesColumn> receiver) {
        Cost owner = atWork.peek();
        return owner == null
                ? receiver
                : column -> {
                    handOver(owner);
                    receiver.accept(column);
                    back();
                };
    }

    /** As {@link #outside(Consumer)}. */
    Predicate<SeriesColumn> outside(Predicate<SeriesColumn> receiver) {
        Cost owner = atWork.peek();
        return owner == null
                ? receiver
                : column -> {
                    handOver(owner);
                    boolean kept = receiver.test(column);
                    back();
                    return kept;
                };
    }

    /** As {@link #outside(Consumer)}. */
    Selector.WindowConsumer outside(Selector.WindowConsumer receiver) {
        Cost owner = atWork.peek();
        return owner == null
                ? receiver
                : (labels, window) -> {
                    handOver(owner);
                    receiver.accept(labels, window);
                    back();
                };
    }

    private void handOver(Cost owner) {
        settle();
        atWork.getFirst().series++;
        atWork.push(owner);
    }

    private void back() {
        settle();
        atWork.pop();
    }

    /** What a part cost; null when it never was at work. */
    @Nullable
    Cost cost(Expr node) {
        return costs.get(node);
    }

    /** Parts that a function made itself, so that the tree of the query does not have them. */
    List<Cost> madeBy(Expr node, Collection<Expr> tree) {
        List<Cost> made = new ArrayList<>();
        for (Cost cost : costs.values()) {
            if (cost.caller != null && cost.caller.node == node && !tree.contains(cost.node)) {
                made.add(cost);
            }
        }
        return made;
    }
}
