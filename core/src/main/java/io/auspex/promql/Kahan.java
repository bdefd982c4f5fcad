package io.auspex.promql;

/**
 * A sum that carries its rounding error along (Neumaier's variant of Kahan summation), as the reference adds
 * up. Fields are read directly, since the error term enters some results on its own.
 */
final class Kahan {
    double sum;
    double error;

    void reset(double start) {
        sum = start;
        error = 0;
    }

    void add(double term) {
        double next = sum + term;
        error = error(sum, error, term, next);
        sum = next;
    }

    double total() {
        return sum + error;
    }

    /** The error term after {@code sum + term} gave {@code next}. */
    static double error(double sum, double error, double term, double next) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(term) ? error + (sum - next + term) : error + (term - next + sum);
    }
}
