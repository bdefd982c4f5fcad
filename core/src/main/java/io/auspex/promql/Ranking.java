package io.auspex.promql;

/**
 * The k best of a stream of values: a binary heap with the worst on top. Among equals those that came first
 * stay; NaN is the worst of all.
 */
final class Ranking {
    private final boolean greatest;
    private final double[] values;
    private final int[] members;
    private int size;
    private int capacity;

    Ranking(boolean greatest, int most) {
        this.greatest = greatest;
        this.values = new double[most];
        this.members = new int[most];
    }

    void clear(int k) {
        size = 0;
        capacity = k;
    }

    int size() {
        return size;
    }

    /** A member among the best, in no order. */
    int member(int index) {
        return members[index];
    }

    void offer(double value, int member) {
        if (size < capacity) {
            values[size] = value;
            members[size] = member;
            up(size++);
        } else if (capacity > 0 && worse(values[0], value)) {
            values[0] = value;
            members[0] = member;
            down();
        }
    }

    /** Whether one value is strictly worse than another. */
    private boolean worse(double value, double other) {
        if (Double.isNaN(value)) {
            return !Double.isNaN(other);
        }
        return greatest ? value < other : value > other;
    }

    private boolean above(int a, int b) {
        if (worse(values[a], values[b])) {
            return true;
        }
        return !worse(values[b], values[a]) && members[a] > members[b];
    }

    private void up(int index) {
        int child = index;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!above(child, parent)) {
                return;
            }
            swap(child, parent);
            child = parent;
        }
    }

    private void down() {
        int parent = 0;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && above(child + 1, child)) {
                child++;
            }
            if (!above(child, parent)) {
                return;
            }
            swap(child, parent);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
        int member = members[a];
        members[a] = members[b];
        members[b] = member;
    }
}
