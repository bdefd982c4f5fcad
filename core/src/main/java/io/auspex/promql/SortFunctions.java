package io.auspex.promql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order of an instant query's result; a range query is sorted by labels whatever stands here. */
final class SortFunctions {
    private SortFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.vector("sort", call -> byValue(call, false));
        builder.vector("sort_desc", call -> byValue(call, true));
        builder.vector("sort_by_label", call -> byLabel(call, false));
        builder.vector("sort_by_label_desc", call -> byLabel(call, true));
    }

    private static List<SeriesColumn> byValue(FunctionCall call, boolean descending) {
        List<SeriesColumn> floats = new ArrayList<>();
        for (SeriesColumn column : call.vector(0)) {
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                if (!column.isFloat(slot)) {
                    column.clear(slot);
                }
            }
            if (!column.isEmpty()) {
                floats.add(column);
            }
        }
        if (call.steps().count() == 1) {
            floats.sort(byValue(descending));
        }
        return floats;
    }

    /** By the value of the first step, NaN at the end. */
    static Comparator<SeriesColumn> byValue(boolean descending) {
        return (a, b) -> {
            double left = a.value(0);
            double right = b.value(0);
            if (Double.isNaN(left) || Double.isNaN(right)) {
                return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
            }
            int order = left < right ? -1 : left > right ? 1 : 0;
            return descending ? -order : order;
        };
    }

    private static List<SeriesColumn> byLabel(FunctionCall call, boolean descending) {
        List<SeriesColumn> columns = call.vector(0);
        List<String> names = new ArrayList<>();
        for (int i = 1; i < call.argumentCount(); i++) {
            names.add(call.string(i));
        }
        Comparator<SeriesColumn> order = (a, b) -> {
            for (String name : names) {
                int byLabel = natural(a.labels().get(name), b.labels().get(name));
                if (byLabel != 0) {
                    return byLabel;
                }
            }
            return a.labels().compareTo(b.labels());
        };
        columns.sort(descending ? order.reversed() : order);
        return columns;
    }

    /** Compares texts as people do: digits in them as numbers. */
    static int natural(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = chunk(a, i);
            int endB = chunk(b, j);
            String left = a.substring(i, endA);
            String right = b.substring(j, endB);
            int order =
                    isDigit(left.charAt(0)) && isDigit(right.charAt(0)) ? numeric(left, right) : left.compareTo(right);
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        int rest = Integer.compare(a.length() - i, b.length() - j);
        return rest != 0 ? rest : a.compareTo(b);
    }

    private static int chunk(String text, int from) {
        boolean digits = isDigit(text.charAt(from));
        int end = from + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static int numeric(String left, String right) {
        String a = left.replaceFirst("^0+(?=.)", "");
        String b = right.replaceFirst("^0+(?=.)", "");
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
