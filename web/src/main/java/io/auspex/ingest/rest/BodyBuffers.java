package io.auspex.ingest.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Buffers for request bodies that are used again, so that a request costs no garbage of its size. */
final class BodyBuffers {
    /** Larger ones are not kept: one large request must not hold its memory for ever. */
    private static final int KEEP = 1 << 20;

    private static final int FIRST = 64 << 10;

    private final ConcurrentLinkedQueue<Body> idle = new ConcurrentLinkedQueue<>();

    Body borrow() {
        Body kept = idle.poll();
        return kept == null ? new Body() : kept;
    }

    void giveBack(Body body) {
        if (body.bytes.length <= KEEP) {
            idle.add(body);
        }
    }

    /** The body of one request. */
    static final class Body {
        private byte[] bytes = new byte[FIRST];
        private int length;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /** @throws AuspexException PAYLOAD_TOO_LARGE, before more than the limit is read */
        void read(HttpServletRequest request, int limit) throws IOException {
            length = 0;
            long announced = request.getContentLengthLong();
            InputStream in = request.getInputStream();
            if (announced > limit) {
                throw tooLarge(in, limit);
            }
            while (true) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, bytes.length * 4L));
                }
                int read = in.read(bytes, length, bytes.length - length);
                if (read < 0) {
                    return;
                }
                length += read;
                if (length > limit) {
                    throw tooLarge(in, limit);
                }
            }
        }

        /** A client that is still sending sees the answer only when what it sends is taken, within reason. */
        private AuspexException tooLarge(InputStream in, int limit) throws IOException {
            long rest = 2L * limit;
            for (int read = 0; read >= 0 && rest > 0; rest -= read) {
                read = in.read(bytes, 0, bytes.length);
            }
            return new AuspexException(
                    Code.PAYLOAD_TOO_LARGE,
                    "the request is larger than " + limit + " bytes (auspex.ingest.max-request-bytes)");
        }
    }
}
