package io.auspex.series;

import io.auspex.series.LabelPairs.Name;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The labels of one tenant's series, matched in memory.
 *
 * <p>Each distinct name-value pair is kept once, with the set of series that carry it; a series is the list of its
 * pairs. Thread-safe: many readers, one writer. Results belong to the caller.
 */
public final class LabelIndex {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final LabelPairs pairs = new LabelPairs();
    private final RefLabels series = new RefLabels();
    private final RoaringBitmap all = new RoaringBitmap();

    /** Adds a series; a ref is added once. */
    public void add(int ref, Labels labels) {
        lock.writeLock().lock();
        try {
            if (series.get(ref) != null) {
                throw new IllegalArgumentException("series " + ref + " is in the index already");
            }
            int[] own = new int[labels.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = pairs.add(labels.name(i), labels.value(i), ref);
            }
            series.put(ref, own);
            all.add(ref);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Removes a series; unknown refs are ignored. */
    public void remove(int ref) {
        lock.writeLock().lock();
        try {
            int[] own = series.remove(ref);
            if (own != null) {
                for (int pair : own) {
                    pairs.remove(pair, ref);
                }
                all.remove(ref);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The label set of a series; null when it is not in the index. */
    public @Nullable Labels labels(int ref) {
        lock.readLock().lock();
        try {
            int[] own = series.get(ref);
            if (own == null) {
                return null;
            }
            String[] sorted = new String[own.length * 2];
            for (int i = 0; i < own.length; i++) {
                sorted[2 * i] = pairs.nameOf(own[i]).text;
                sorted[2 * i + 1] = pairs.value(own[i]);
            }
            return Labels.ofIndexed(sorted);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Refs of the series that meet all matchers; an absent label is the empty string. */
    public RoaringBitmap match(List<Matcher> matchers) {
        return reading(() -> {
            List<Matcher> ordered = new ArrayList<>(matchers);
            ordered.sort(Comparator.comparingLong(this::effort));
            RoaringBitmap found = null;
            for (Matcher matcher : ordered) {
                found = found == null ? select(matcher) : narrow(found, matcher);
                if (found.isEmpty()) {
                    return found;
                }
            }
            return found == null ? all.clone() : found;
        });
    }

    /** What comes first: few series found by one look-up, then many, then values to be tested, then what excludes. */
    private long effort(Matcher matcher) {
        Name name = pairs.name(matcher.name());
        if (matcher.matchesEmpty()) {
            return Long.MAX_VALUE;
        }
        if (name == null) {
            return 0;
        }
        if (matcher.type() == Matcher.Type.EQUAL) {
            int pair = pairs.find(name, matcher.value());
            return pair == LabelPairs.NONE ? 0 : Postings.size(pairs.postings(pair));
        }
        return (1L << 32) + name.size();
    }

    private RoaringBitmap select(Matcher matcher) {
        Name name = pairs.name(matcher.name());
        if (matcher.matchesEmpty()) {
            RoaringBitmap rest = all.clone();
            if (name != null) {
                exclude(rest, name, matcher);
            }
            return rest;
        }
        return name == null ? new RoaringBitmap() : union(name, matcher);
    }

    private RoaringBitmap union(Name name, Matcher matcher) {
        if (matcher.type() == Matcher.Type.EQUAL) {
            int pair = pairs.find(name, matcher.value());
            return pair == LabelPairs.NONE ? new RoaringBitmap() : Postings.copy(pairs.postings(pair));
        }
        RoaringBitmap found = new RoaringBitmap();
        for (int pair : pairs.pairs(name)) {
            if (matcher.matches(pairs.value(pair))) {
                Postings.addTo(found, pairs.postings(pair));
            }
        }
        return found;
    }

    /** Takes out the series that carry the label with a value that does not match. */
    private void exclude(RoaringBitmap from, Name name, Matcher matcher) {
        if (matcher.type() == Matcher.Type.NOT_EQUAL) {
            int pair = pairs.find(name, matcher.value());
            if (pair != LabelPairs.NONE) {
                Postings.removeFrom(from, pairs.postings(pair));
            }
            return;
        }
        for (int pair : pairs.pairs(name)) {
            if (!matcher.matches(pairs.value(pair))) {
                Postings.removeFrom(from, pairs.postings(pair));
            }
        }
    }

    private RoaringBitmap narrow(RoaringBitmap found, Matcher matcher) {
        Name name = pairs.name(matcher.name());
        if (name == null) {
            return matcher.matchesEmpty() ? found : new RoaringBitmap();
        }
        boolean oneLookUp = matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.NOT_EQUAL;
        if (found.getLongCardinality() < (oneLookUp ? 64 : name.size())) {
            return test(found, name, matcher);
        }
        if (matcher.matchesEmpty()) {
            exclude(found, name, matcher);
        } else {
            found.and(union(name, matcher));
        }
        return found;
    }

    /** Tests series by series, each value once: cheaper than all values of a label when few series are left. */
    private RoaringBitmap test(RoaringBitmap found, Name name, Matcher matcher) {
        RoaringBitmap kept = new RoaringBitmap();
        BitSet tested = new BitSet();
        BitSet matched = new BitSet();
        boolean empty = matcher.matchesEmpty();
        for (IntIterator refs = found.getIntIterator(); refs.hasNext(); ) {
            int ref = refs.next();
            int pair = pairOf(ref, name);
            boolean matches = empty;
            if (pair != LabelPairs.NONE) {
                if (!tested.get(pair)) {
                    tested.set(pair);
                    matched.set(pair, matcher.matches(pairs.value(pair)));
                }
                matches = matched.get(pair);
            }
            if (matches) {
                kept.add(ref);
            }
        }
        return kept;
    }

    private int pairOf(int ref, Name name) {
        int[] own = series.get(ref);
        if (own != null) {
            for (int pair : own) {
                if (pairs.nameOf(pair) == name) {
                    return pair;
                }
            }
        }
        return LabelPairs.NONE;
    }

    /** Names that occur on any of the series. */
    public SortedSet<String> labelNames(RoaringBitmap refs) {
        return reading(() -> {
            BitSet seen = new BitSet();
            SortedSet<String> names = new TreeSet<>();
            for (IntIterator each = refs.getIntIterator(); each.hasNext(); ) {
                int[] own = series.get(each.next());
                for (int i = 0; own != null && i < own.length; i++) {
                    Name name = pairs.nameOf(own[i]);
                    if (!seen.get(name.id)) {
                        seen.set(name.id);
                        names.add(name.text);
                    }
                }
            }
            return names;
        });
    }

    /** Names that occur at all. */
    public SortedSet<String> labelNames() {
        return reading(() -> {
            SortedSet<String> names = new TreeSet<>();
            for (Name name : pairs.names()) {
                if (name.size() > 0) {
                    names.add(name.text);
                }
            }
            return names;
        });
    }

    /** Values of a label on any of the series. */
    public SortedSet<String> labelValues(String label, RoaringBitmap refs) {
        return reading(() -> {
            SortedSet<String> values = new TreeSet<>();
            Name name = pairs.name(label);
            if (name == null) {
                return values;
            }
            if (refs.getLongCardinality() > name.size()) {
                for (int pair : pairs.pairs(name)) {
                    if (Postings.intersects(pairs.postings(pair), refs)) {
                        values.add(pairs.value(pair));
                    }
                }
                return values;
            }
            for (IntIterator each = refs.getIntIterator(); each.hasNext(); ) {
                int pair = pairOf(each.next(), name);
                if (pair != LabelPairs.NONE) {
                    values.add(pairs.value(pair));
                }
            }
            return values;
        });
    }

    /** Values of a label that occur at all. */
    public SortedSet<String> labelValues(String label) {
        return reading(() -> {
            SortedSet<String> values = new TreeSet<>();
            Name name = pairs.name(label);
            if (name != null) {
                for (int pair : pairs.pairs(name)) {
                    values.add(pairs.value(pair));
                }
            }
            return values;
        });
    }

    /** How many series carry a label with a value; for cardinality diagnostics. */
    public int cardinality(String label, String value) {
        return reading(() -> {
            Name name = pairs.name(label);
            int pair = name == null ? LabelPairs.NONE : pairs.find(name, value);
            return pair == LabelPairs.NONE ? 0 : Postings.size(pairs.postings(pair));
        });
    }

    /** How many values a label has over all series. */
    public int valueCount(String label) {
        return reading(() -> {
            Name name = pairs.name(label);
            return name == null ? 0 : name.size();
        });
    }

    /** Gives back what sets of series have reserved for growth; worth its time after loading and now and then. */
    public void compact() {
        lock.writeLock().lock();
        try {
            pairs.compact();
            all.runOptimize();
            all.trim();
        } finally {
            lock.writeLock().unlock();
        }
    }

    public int size() {
        return reading(series::size);
    }

    /** Bytes of heap held, as computed from the layout. */
    public long bytes() {
        return reading(() -> pairs.bytes() + series.bytes() + all.getLongSizeInBytes() + 300);
    }

    private <T> T reading(Supplier<T> work) {
        lock.readLock().lock();
        try {
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }
}
