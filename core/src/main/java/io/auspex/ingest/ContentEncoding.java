package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a sender compressed a request, by the names of the {@code Content-Encoding} header. */
public enum ContentEncoding {
    IDENTITY,
    GZIP,
    /** Zlib, as HTTP means it. */
    DEFLATE,
    /** A snappy block, not the framed format. */
    SNAPPY,
    ZSTD;

    /**
     * The encoding that a header names; none is {@link #IDENTITY}.
     *
     * @throws AuspexException UNSUPPORTED_MEDIA_TYPE when it is none of these
     */
    public static ContentEncoding of(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return IDENTITY;
        }
        return switch (header.strip().toLowerCase(Locale.ROOT)) {
            case "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            case "snappy" -> SNAPPY;
            case "zstd" -> ZSTD;
            default ->
                throw new AuspexException(
                        Code.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Encoding must be gzip, deflate, snappy or zstd, got "
                                + header.substring(0, Math.min(header.length(), 100)));
        };
    }
}
