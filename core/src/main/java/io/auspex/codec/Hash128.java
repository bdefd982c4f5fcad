package io.auspex.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * MurmurHash3 x64 128 (Austin Appleby, public domain) with seed 0: the identity of a label set within a tenant.
 *
 * <p>Stored beside each series, so it never changes. Not a cryptographic hash: whoever constructs colliding label
 * sets mixes up series of their own tenant and nobody else's.
 */
public final class Hash128 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    private Hash128() {}

    /** Writes the two halves of the hash of a range of bytes into {@code high[at]} and {@code low[at]}. */
    public static void hash(byte[] bytes, int offset, int length, long[] high, long[] low, int at) {
        long h1 = 0;
        long h2 = 0;
        int position = offset;
        for (int blocks = length >> 4; blocks > 0; blocks--, position += 16) {
            h1 ^= mix1((long) LONG.get(bytes, position));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= mix2((long) LONG.get(bytes, position + 8));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        int rest = length & 15;
        if (rest > 8) {
            h2 ^= mix2(partial(bytes, position + 8, rest - 8));
        }
        if (rest > 0) {
            h1 ^= mix1(partial(bytes, position, Math.min(rest, 8)));
        }
        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        h1 = avalanche(h1);
        h2 = avalanche(h2);
        h1 += h2;
        high[at] = h1;
        low[at] = h2 + h1;
    }

    private static long mix1(long k) {
        return Long.rotateLeft(k * C1, 31) * C2;
    }

    private static long mix2(long k) {
        return Long.rotateLeft(k * C2, 33) * C1;
    }

    private static long partial(byte[] bytes, int offset, int count) {
        long k = 0;
        for (int i = count - 1; i >= 0; i--) {
            k = k << 8 | (bytes[offset + i] & 0xff);
        }
        return k;
    }

    private static long avalanche(long value) {
        long k = value;
        k ^= k >>> 33;
        k *= 0xff51afd7ed558ccdL;
        k ^= k >>> 33;
        k *= 0xc4ceb9fe1a85ec53L;
        return k ^ k >>> 33;
    }
}
