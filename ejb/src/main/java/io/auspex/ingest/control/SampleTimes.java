package io.auspex.ingest.control;

import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.Reason;
import io.auspex.series.AppendWindow;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Whether the times of samples are those at which samples are taken. */
final class SampleTimes {
    private SampleTimes() {}

    /**
     * Refuses new series of which no sample would be taken, so that a sender with a wrong clock makes none. They have
     * the reason TOO_OLD; on which side of the window a sample is tells {@link #outside}.
     */
    static void refuseOutside(DecodedBatch decoded, AppendWindow window) {
        int first = decoded.nextNew(0);
        if (first < 0) {
            return;
        }
        BitSet inside = new BitSet(decoded.seriesCount());
        for (int i = 0; i < decoded.sampleCount(); i++) {
            if (outside(decoded.timestamps()[i], window) == null) {
                inside.set(decoded.sampleSeries()[i]);
            }
        }
        for (int i = 0; i < decoded.histogramCount(); i++) {
            if (outside(decoded.histogramTimestamp(i), window) == null) {
                inside.set(decoded.histogramSeries(i));
            }
        }
        for (int i = first; i >= 0; i = decoded.nextNew(i + 1)) {
            if (!inside.get(i)) {
                decoded.reject(i, Reason.TOO_OLD);
            }
        }
    }

    /** Why a sample of that time is not taken, null when it is. */
    static @Nullable Reason outside(long epochMillis, AppendWindow window) {
        if (epochMillis < window.oldestMillis()) {
            return Reason.TOO_OLD;
        }
        return epochMillis > window.newestMillis() ? Reason.TOO_FAR_IN_FUTURE : null;
    }
}
