package io.auspex.promql;

import io.auspex.series.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The reference's hash of a label set: XXH64 over the length-prefixed names and values, so that {@code
 * limit_ratio} chooses the same series there and here.
 */
final class LabelHash {
    private static final long PRIME1 = 0x9E3779B185EBCA87L;
    private static final long PRIME2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME3 = 0x165667B19E3779F9L;
    private static final long PRIME4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME5 = 0x27D4EB2F165667C5L;

    private LabelHash() {}

    /** The hash as a fraction of what 64 bits hold, from 0 to 1. */
    static double fraction(Labels labels) {
        long hash = hash(labels);
        double unsigned = (hash >>> 1) * 2.0 + (hash & 1);
        return unsigned / 0x1p64;
    }

    static long hash(Labels labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        labels.forEach((name, value) -> {
            append(bytes, name);
            append(bytes, value);
        });
        return xxh64(bytes.toByteArray());
    }

    /** One byte of length, or 255 and three bytes, lowest first. */
    private static void append(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 255) {
            bytes.write(utf8.length);
        } else {
            bytes.write(255);
            bytes.write(utf8.length);
            bytes.write(utf8.length >>> 8);
            bytes.write(utf8.length >>> 16);
        }
        bytes.writeBytes(utf8);
    }

    static long xxh64(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        long hash;
        if (data.length >= 32) {
            long a = 0x60EA27EEADC0B5D6L; // the sum of the first two primes
            long b = PRIME2;
            long c = 0;
            long d = 0x61C8864E7A143579L; // the first prime, negative
            while (in.remaining() >= 32) {
                a = round(a, in.getLong());
                b = round(b, in.getLong());
                c = round(c, in.getLong());
                d = round(d, in.getLong());
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        } else {
            hash = PRIME5;
        }
        hash += data.length;
        while (in.remaining() >= 8) {
            hash = Long.rotateLeft(hash ^ round(0, in.getLong()), 27) * PRIME1 + PRIME4;
        }
        if (in.remaining() >= 4) {
            hash = Long.rotateLeft(hash ^ (in.getInt() & 0xFFFFFFFFL) * PRIME1, 23) * PRIME2 + PRIME3;
        }
        while (in.hasRemaining()) {
            hash = Long.rotateLeft(hash ^ (in.get() & 0xFF) * PRIME5, 11) * PRIME1;
        }
        hash = (hash ^ hash >>> 33) * PRIME2;
        hash = (hash ^ hash >>> 29) * PRIME3;
        return hash ^ hash >>> 32;
    }

    private static long round(long state, long input) {
        return Long.rotateLeft(state + input * PRIME2, 31) * PRIME1;
    }

    private static long merge(long hash, long state) {
        return (hash ^ round(0, state)) * PRIME1 + PRIME4;
    }
}
