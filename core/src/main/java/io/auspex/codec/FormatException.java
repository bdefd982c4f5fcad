package io.auspex.codec;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;

/**
 * Bytes that this release cannot read: damaged ({@link Code#DATA_CORRUPT}), written by a release that is no longer
 * supported ({@link Code#FORMAT_TOO_OLD}) or by a newer one ({@link Code#FORMAT_TOO_NEW}).
 */
public final class FormatException extends AuspexException {
    private static final long serialVersionUID = 1L;

    private FormatException(Code code, String message) {
        super(code, message);
    }

    public static FormatException corrupt(String message) {
        return new FormatException(Code.DATA_CORRUPT, message);
    }

    /** Accepts a version in {@code [oldest, newest]}, or says on which side it falls. */
    public static void checkVersion(String format, int version, int oldest, int newest) {
        if (version < oldest) {
            throw new FormatException(
                    Code.FORMAT_TOO_OLD,
                    format + " version " + version + " is older than the oldest readable version " + oldest);
        }
        if (version > newest) {
            throw new FormatException(
                    Code.FORMAT_TOO_NEW,
                    format + " version " + version + " is newer than the newest readable version " + newest);
        }
    }
}
