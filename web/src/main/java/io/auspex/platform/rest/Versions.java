package io.auspex.platform.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.ws.rs.core.EntityTag;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Optimistic locking over HTTP: the version as {@code ETag}, and {@code If-Match} on every change of it. */
public final class Versions {
    private static final Pattern TAG = Pattern.compile("\\s*\"(\\d{1,9})\"\\s*");

    private Versions() {}

    public static EntityTag tag(int version) {
        return new EntityTag(Integer.toString(version));
    }

    /**
     * The version that the caller has read.
     *
     * @throws AuspexException PRECONDITION_REQUIRED without {@code If-Match}; PRECONDITION_FAILED when it is no version
     */
    public static int required(@Nullable String ifMatch) {
        if (ifMatch == null) {
            throw new AuspexException(Code.PRECONDITION_REQUIRED, "send If-Match with the ETag that you have read");
        }
        Matcher tag = TAG.matcher(ifMatch);
        if (!tag.matches()) {
            throw new AuspexException(Code.PRECONDITION_FAILED, "If-Match is not an ETag of this resource");
        }
        return Integer.parseInt(tag.group(1));
    }
}
