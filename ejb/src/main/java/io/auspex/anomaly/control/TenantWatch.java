package io.auspex.anomaly.control;

import io.auspex.anomaly.DetectorRule;
import io.auspex.promql.ParseException;
import io.auspex.promql.Parser;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SeriesIdentity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Which series of one tenant are watched, under one set of rules. Belongs to the listener's thread. */
final class TenantWatch {
    private static final System.Logger LOG = System.getLogger(TenantWatch.class.getName());

    /** A rule with its selector taken apart. */
    private record Compiled(DetectorRule rule, List<Matcher> matchers) {
        boolean watches(Labels labels) {
            return matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
        }
    }

    private final List<DetectorRule> rules;
    private final List<Compiled> compiled = new ArrayList<>();
    private final int limit;
    private final BooleanSupplier room;
    private long loadedMillis;
    private final BitSet unwatched = new BitSet();
    private final Map<Integer, LiveSeries> watched = new HashMap<>();
    private boolean full;

    /**
     * @param limit series that the tenant may have watched
     * @param room whether the node may watch one more, of whatever tenant
     */
    TenantWatch(List<DetectorRule> rules, int limit, BooleanSupplier room, long loadedMillis) {
        this.rules = rules;
        this.limit = limit;
        this.room = room;
        this.loadedMillis = loadedMillis;
        for (DetectorRule rule : rules) {
            try {
                compiled.add(new Compiled(rule, Parser.parseSelector(rule.selector())));
            } catch (ParseException e) {
                LOG.log(System.Logger.Level.WARNING, "detector skipped id={0} reason={1}", rule.id(), e.getMessage());
            }
        }
    }

    List<DetectorRule> rules() {
        return rules;
    }

    long loadedMillis() {
        return loadedMillis;
    }

    /** The rules were looked up again and are the same. */
    void renew(long nowMillis) {
        loadedMillis = nowMillis;
    }

    boolean isUnwatched(int ref) {
        return unwatched.get(ref);
    }

    @Nullable
    LiveSeries find(int ref) {
        return watched.get(ref);
    }

    /** The rule that watches a new series; empty, and remembered so, when none does or a limit is reached. */
    Optional<DetectorRule> ruleFor(int ref, Labels labels) {
        Optional<DetectorRule> rule = compiled.stream()
                .filter(candidate -> candidate.watches(labels))
                .findFirst()
                .map(Compiled::rule);
        if (rule.isEmpty() || watched.size() >= limit || !room.getAsBoolean()) {
            full |= rule.isPresent();
            unwatched.set(ref);
            return Optional.empty();
        }
        return rule;
    }

    void add(int ref, LiveSeries series) {
        watched.put(ref, series);
    }

    Collection<LiveSeries> series() {
        return watched.values();
    }

    /** Whether a series was turned away because of the limit. */
    boolean isFull() {
        return full;
    }

    /** Lets go of series that are gone. */
    void forget(Set<SeriesIdentity> gone) {
        watched.values().removeIf(series -> gone.contains(series.identity()));
    }

    /** Lets go of series that have not been heard of for long. */
    void forget(long lastBeforeMillis) {
        watched.values().removeIf(series -> series.lastMillis() < lastBeforeMillis);
    }
}
