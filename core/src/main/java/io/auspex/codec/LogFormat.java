package io.auspex.codec;

/** The fixed parts of a log record; docs/format/log.md draws them. */
final class LogFormat {
    static final int MAGIC = 0xaa;
    static final int KIND = 'L';
    static final int VERSION = 1;

    /** Flag: the payload is an LZ4 block. */
    static final int LZ4 = 1;

    /** Magic, kind, version, flags; checksum of the rest; length of the rest; length of the payload inflated. */
    static final int HEADER = 16;

    /** A bound on the payload, far above what a request may hold, so that damage cannot allocate the heap. */
    static final int MAX_PAYLOAD = 256 << 20;

    /** Scales tried for values, fewer than exist: each costs a division, and a larger one contains the smaller. */
    static final int[] SCALES = {0, 1, 2, 3, 4, 6, 9};

    /** Code of a value that is written as its 8 bytes. */
    static final int RAW = 7;

    private LogFormat() {}
}
