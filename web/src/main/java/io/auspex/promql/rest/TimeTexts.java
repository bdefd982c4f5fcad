package io.auspex.promql.rest;

import io.auspex.promql.SeriesColumn;
import java.util.Arrays;

/** The texts of the times of a result: its series have the same steps, so each is made once. Not thread-safe. */
final class TimeTexts {
    private static final byte[] NONE = {};

    private long[] times = new long[0];
    private byte[][] texts = {};
    private final byte[] scratch = new byte[JsonWriter.TIMESTAMP_LENGTH];

    /** The text of the time of a slot, as {@link JsonWriter#timestamp(long)} writes it. */
    byte[] of(SeriesColumn series, int slot) {
        if (slot >= texts.length) {
            int old = texts.length;
            texts = Arrays.copyOf(texts, Math.max(slot + 1, series.slots()));
            times = Arrays.copyOf(times, texts.length);
            Arrays.fill(texts, old, texts.length, NONE);
        }
        long time = series.time(slot);
        if (texts[slot].length == 0 || times[slot] != time) {
            texts[slot] = Arrays.copyOf(scratch, JsonWriter.timestamp(time, scratch, 0));
            times[slot] = time;
        }
        return texts[slot];
    }
}
