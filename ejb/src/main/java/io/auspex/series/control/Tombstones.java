package io.auspex.series.control;

import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * What tenants have deleted and storage still has: readers leave it out. PostgreSQL has the record ({@link
 * DeletionRequests}), this is what every read looks at. Thread-safe; who reads sees the deletions of one moment.
 */
final class Tombstones {
    private final ConcurrentHashMap<TenantId, Hidden> tenants = new ConcurrentHashMap<>();

    /** The samples of some series in a range, inclusive on both ends. */
    record Deletion(long request, RoaringBitmap refs, long fromMillis, long toMillis) {}

    /** A stretch of time, inclusive on both ends, and whether deletions bound it. */
    record Stretch(long fromMillis, long toMillis, boolean cutBefore, boolean cutBehind) {
        /**
         * Whether directories and roll-ups do not tell who has samples here: a chunk may span a gap between two
         * deletions, and a day of which only roll-ups are left has no times within it.
         *
         * @param endedTo up to when there may be roll-ups only
         */
        boolean needsALook(long endedTo) {
            return (cutBefore && cutBehind)
                    || (cutBefore && fromMillis <= endedTo)
                    || (cutBehind && toMillis <= endedTo);
        }
    }

    /** Adds a deletion, in place of what was known under the same request. */
    void add(TenantId tenant, Deletion deletion) {
        tenants.merge(tenant, new Hidden(List.of(deletion)), (known, more) -> {
            List<Deletion> all = new ArrayList<>(known.deletions);
            all.removeIf(one -> one.request == deletion.request);
            all.add(deletion);
            return new Hidden(all);
        });
    }

    void remove(TenantId tenant, long request) {
        tenants.computeIfPresent(tenant, (key, known) -> {
            List<Deletion> left = known.deletions.stream()
                    .filter(deletion -> deletion.request != request)
                    .toList();
            return left.isEmpty() ? null : new Hidden(left);
        });
    }

    Hidden of(TenantId tenant) {
        return tenants.getOrDefault(tenant, Hidden.NOTHING);
    }

    /** A tenant's deletions at one moment. */
    static final class Hidden {
        static final Hidden NOTHING = new Hidden(List.of());

        private final List<Deletion> deletions;

        private Hidden(List<Deletion> deletions) {
            this.deletions = List.copyOf(deletions);
        }

        boolean isEmpty() {
            return deletions.isEmpty();
        }

        int count() {
            return deletions.size();
        }

        /** Those of some series of which anything is deleted. */
        RoaringBitmap touched(RoaringBitmap refs) {
            RoaringBitmap touched = new RoaringBitmap();
            deletions.forEach(deletion -> touched.or(RoaringBitmap.and(refs, deletion.refs)));
            return touched;
        }

        boolean hides(int ref, long millis) {
            for (Deletion deletion : deletions) {
                if (millis >= deletion.fromMillis && millis <= deletion.toMillis && deletion.refs.contains(ref)) {
                    return true;
                }
            }
            return false;
        }

        /** Takes what is deleted out of a column and answers whether anything is left. */
        boolean cut(int ref, SampleColumn column) {
            for (Deletion deletion : deletions) {
                if (deletion.refs.contains(ref)) {
                    column.cut(deletion.fromMillis, deletion.toMillis);
                }
            }
            return column.size() > 0;
        }

        /** The stretches of a range in which nothing of a series is deleted, ascending. */
        List<Stretch> visible(int ref, long fromMillis, long toMillis) {
            List<Stretch> left = List.of(new Stretch(fromMillis, toMillis, false, false));
            for (Deletion deletion : deletions) {
                if (deletion.refs.contains(ref)) {
                    left = without(left, deletion);
                }
            }
            return left;
        }

        private static List<Stretch> without(List<Stretch> stretches, Deletion deletion) {
            List<Stretch> left = new ArrayList<>();
            for (Stretch one : stretches) {
                if (deletion.toMillis < one.fromMillis || deletion.fromMillis > one.toMillis) {
                    left.add(one);
                    continue;
                }
                if (deletion.fromMillis > one.fromMillis) {
                    left.add(new Stretch(one.fromMillis, deletion.fromMillis - 1, one.cutBefore, true));
                }
                if (deletion.toMillis < one.toMillis) {
                    left.add(new Stretch(deletion.toMillis + 1, one.toMillis, true, one.cutBehind));
                }
            }
            return left;
        }
    }
}
