package io.auspex.series.control;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a node keeps on its own disk while PostgreSQL is away (docs/operations/limits.md).
 *
 * @param directory of this node alone
 * @param bytes what the files may take; 0 for no spool
 * @param age how long PostgreSQL may be away
 * @param newSeries how many series may be created meanwhile
 */
record SpoolSettings(Path directory, long bytes, Duration age, int newSeries) {
    SpoolSettings {
        if (bytes < 0 || age.isNegative() || newSeries < 0) {
            throw new IllegalArgumentException(
                    "limits of the spool must not be negative: " + bytes + ", " + age + ", " + newSeries);
        }
    }
}
