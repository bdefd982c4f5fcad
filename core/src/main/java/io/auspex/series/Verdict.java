package io.auspex.series;

/** What became of a sample offered to the {@link Head}. */
public enum Verdict {
    /** Kept. */
    ACCEPTED,
    /** The same timestamp and value are there already; nothing to do and no error. */
    DUPLICATE,
    /** The timestamp is there with another value; the first one stays. */
    DUPLICATE_TIMESTAMP_DIFFERENT_VALUE,
    /** Before the window in which samples are taken. */
    TOO_OLD,
    /** After the window in which samples are taken. */
    TOO_FAR_IN_FUTURE,
    /** The series was deleted after the sample was decoded. */
    SERIES_GONE;

    private static final Verdict[] BY_CODE = values();

    /** The verdict as it stands in a column of codes. */
    public byte code() {
        return (byte) ordinal();
    }

    public static Verdict of(byte code) {
        return BY_CODE[code];
    }

    /** Whether the sample is lost to the sender: neither kept nor a repetition. */
    public boolean isRejection() {
        return this != ACCEPTED && this != DUPLICATE;
    }
}
