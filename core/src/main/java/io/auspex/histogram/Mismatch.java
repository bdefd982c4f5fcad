package io.auspex.histogram;

/** Why two histograms cannot be put together. */
public enum Mismatch {
    NONE,
    /** One has exponential, the other custom buckets. */
    SCHEMA,
    /** Both have custom buckets, with different bounds. */
    BOUNDS
}
