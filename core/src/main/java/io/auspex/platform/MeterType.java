package io.auspex.platform;

import java.util.Locale;

/** The type of a metric family, as the exposition formats name it. */
public enum MeterType {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
