package io.auspex.ingest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Decompresses request bodies into a buffer that is kept.
 *
 * <p>The buffer grows with what really comes out, up to the limit, never with what a header announces. Not thread-safe.
 */
public final class BodyInflater {
    private static final int FIRST = 64 << 10;

    /** What zstd may keep behind it: 8 MiB, the most that a decoder must support by RFC 8878. */
    private static final int MOST_WINDOW_LOG = 23;

    private final SnappyBlock snappy = new SnappyBlock();
    private byte[] kept = new byte[FIRST];
    private byte[] bytes = kept;

    /** The inflated bytes: valid until the next call, and perhaps longer than what {@link #inflate} returned. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Decompresses the first {@code length} bytes of a body and returns how many they became.
     *
     * @throws AuspexException {@code PAYLOAD_TOO_LARGE} when they become more than the limit, {@code BAD_DATA} when
     *     they are not of that encoding
     */
    public int inflate(ContentEncoding encoding, byte[] body, int length, int limit) {
        if (!DecodedBatch.isKept(kept)) {
            kept = new byte[FIRST];
        }
        switch (encoding) {
            case IDENTITY -> {
                if (length > limit) {
                    throw tooLarge(limit);
                }
                bytes = body;
                return length;
            }
            case SNAPPY -> {
                int size = snappy.inflate(body, 0, length, limit);
                bytes = snappy.bytes();
                return size;
            }
            default -> {
                int size = drain(encoding, body, length, limit);
                bytes = kept;
                return size;
            }
        }
    }

    private int drain(ContentEncoding encoding, byte[] body, int length, int limit) {
        try (InputStream in = open(encoding, new ByteArrayInputStream(body, 0, length))) {
            int size = 0;
            while (true) {
                int read = in.read(kept, size, kept.length - size);
                if (read < 0) {
                    return size;
                }
                size += read;
                if (size > limit) {
                    throw tooLarge(limit);
                }
                if (size == kept.length) {
                    kept = Arrays.copyOf(kept, (int) Math.min(limit + 1L, kept.length * 2L));
                }
            }
        } catch (IOException e) {
            throw new AuspexException(
                    Code.BAD_DATA,
                    "the body is not " + encoding.name().toLowerCase(Locale.ROOT) + ": " + e.getMessage(),
                    e);
        }
    }

    private static InputStream open(ContentEncoding encoding, InputStream in) throws IOException {
        return switch (encoding) {
            case GZIP -> new GZIPInputStream(in, 8_192);
            case DEFLATE -> new InflaterInputStream(in);
            case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(MOST_WINDOW_LOG);
            case IDENTITY, SNAPPY -> throw new IllegalArgumentException("no stream: " + encoding);
        };
    }

    private static AuspexException tooLarge(int limit) {
        return new AuspexException(
                Code.PAYLOAD_TOO_LARGE,
                "the body inflates to more than " + limit + " bytes (auspex.ingest.max-body-bytes)");
    }
}
