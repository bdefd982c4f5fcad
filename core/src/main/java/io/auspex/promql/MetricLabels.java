package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Label sets as the language treats them: the metric's own labels apart, and no label set twice. */
final class MetricLabels {
    static final String TYPE = "__type__";
    static final String UNIT = "__unit__";
    static final String BUCKET = "le";

    private MetricLabels() {}

    /** Whether a label says what the metric is, not where a series comes from. */
    static boolean isMetadata(String name) {
        return name.equals(Labels.METRIC_NAME) || name.equals(TYPE) || name.equals(UNIT);
    }

    /** Any text that is UTF-8 names a label; the parser leaves U+FFFD where it was not. */
    static boolean isValidName(String name) {
        return !name.isEmpty() && name.indexOf('\uFFFD') < 0;
    }

    static Labels dropMetadata(Labels labels) {
        return labels.filter(name -> !isMetadata(name));
    }

    static boolean hasDuplicates(List<SeriesColumn> columns) {
        if (columns.size() < 2) {
            return false;
        }
        Map<Labels, SeriesColumn> seen = new HashMap<>(columns.size() * 2);
        for (SeriesColumn column : columns) {
            if (seen.put(column.labels(), column) != null) {
                return true;
            }
        }
        return false;
    }

    /** The columns with those of equal labels put together; it is an error when they have points at the same step. */
    static List<SeriesColumn> merge(List<SeriesColumn> columns) {
        return merge(columns, false);
    }

    /**
     * As {@link #merge(List)}, but columns that will lose their name at the end stay apart from those that
     * will not.
     */
    static List<SeriesColumn> mergeAlike(List<SeriesColumn> columns) {
        return merge(columns, true);
    }

    private static List<SeriesColumn> merge(List<SeriesColumn> columns, boolean alike) {
        if (!hasDuplicates(columns)) {
            return columns;
        }
        Map<Labels, List<SeriesColumn>> byLabels = new HashMap<>(columns.size() * 2);
        List<SeriesColumn> result = new ArrayList<>(columns.size());
        for (SeriesColumn column : columns) {
            List<SeriesColumn> same = byLabels.computeIfAbsent(column.labels(), unused -> new ArrayList<>(1));
            SeriesColumn target = null;
            for (SeriesColumn other : same) {
                refuseOverlap(other, column);
                if (!alike || other.dropName() == column.dropName()) {
                    target = other;
                }
            }
            if (target == null) {
                same.add(column);
                result.add(column);
            } else {
                append(target, column);
            }
        }
        return result;
    }

    private static void refuseOverlap(SeriesColumn a, SeriesColumn b) {
        for (int word = 0; word < a.present().length; word++) {
            if ((a.present()[word] & b.present()[word]) != 0) {
                throw QueryException.duplicateLabels();
            }
        }
    }

    private static void append(SeriesColumn target, SeriesColumn more) {
        for (int slot = more.next(0); slot >= 0; slot = more.next(slot + 1)) {
            target.copy(more, slot, slot);
        }
    }
}
