package io.auspex.anomaly;

import io.auspex.series.SampleColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges the samples of one series in the order of time, each by what was learned from those before it.
 *
 * <p>Holds bounded state and belongs to one series; not thread-safe.
 */
public interface Detector {
    /**
     * The judgement of a sample, which is learned afterwards.
     *
     * <p>A value that is not finite, and a timestamp that is not after the last one, is judged as score 0 and
     * not learned.
     */
    Score update(long epochMillis, double value);

    /** How many samples it has learned from; what it says of rarity can be believed accordingly. */
    long observations();

    /** The state as versioned bytes, from which {@link Detectors#restore} makes an equal detector. */
    byte[] save();

    /** The judgement of every float sample of a column, in order. */
    default List<Score> judge(SampleColumn column) {
        List<Score> scores = new ArrayList<>(column.size());
        for (int i = 0; i < column.size(); i++) {
            scores.add(update(column.timestamp(i), column.value(i)));
        }
        return scores;
    }
}
