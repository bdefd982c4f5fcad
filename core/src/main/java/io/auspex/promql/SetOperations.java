package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** {@code and}, {@code or} and {@code unless}: presence bitmaps, one per signature, mask the columns of a side. */
final class SetOperations {
    private SetOperations() {}

    static List<SeriesColumn> evaluate(Expr.Binary node, List<SeriesColumn> left, List<SeriesColumn> right) {
        Signatures signatures = Signatures.matching(Objects.requireNonNull(node.matching()));
        int[] leftNumbers = signatures.numbers(left);
        int[] rightNumbers = signatures.numbers(right);
        if (node.op() == BinaryOp.OR) {
            long[][] taken = presence(left, leftNumbers, signatures.size());
            List<SeriesColumn> result = new ArrayList<>(left);
            result.addAll(masked(right, rightNumbers, taken, false));
            return MetricLabels.mergeAlike(result);
        }
        long[][] other = presence(right, rightNumbers, signatures.size());
        return masked(left, leftNumbers, other, node.op() == BinaryOp.AND);
    }

    /** For each signature at which steps any of its series has a sample; null where none ever has. */
    private static long[][] presence(List<SeriesColumn> columns, int[] numbers, int size) {
        long[][] presence = new long[size][];
        for (int i = 0; i < numbers.length; i++) {
            long[] words = columns.get(i).present();
            long[] sum = presence[numbers[i]];
            if (sum == null) {
                presence[numbers[i]] = words.clone();
            } else {
                for (int word = 0; word < words.length; word++) {
                    sum[word] |= words[word];
                }
            }
        }
        return presence;
    }

    /** The columns, where they are present together with their signature, or where they are without it. */
    private static List<SeriesColumn> masked(
            List<SeriesColumn> columns, int[] numbers, long[][] presence, boolean together) {
        List<SeriesColumn> result = new ArrayList<>(columns.size());
        for (int i = 0; i < numbers.length; i++) {
            SeriesColumn column = columns.get(i);
            long[] mask = presence[numbers[i]];
            if (mask == null) {
                if (!together) {
                    result.add(column);
                }
                continue;
            }
            long[] words = column.present();
            for (int word = 0; word < words.length; word++) {
                words[word] &= together ? mask[word] : ~mask[word];
            }
            column.recount();
            if (!column.isEmpty()) {
                result.add(column);
            }
        }
        return result;
    }
}
