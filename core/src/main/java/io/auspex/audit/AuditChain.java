package io.auspex.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * Checks a tenant's trail entry by entry: each hash is SHA-256 over the hash before and the entry's text.
 *
 * <p>The text of an entry is its parts in order, each preceded by its length in characters and a colon; the database
 * writes it the same way ({@code auspex.audit_append}). Not thread-safe.
 */
public final class AuditChain {
    private byte[] last = new byte[0];
    private long sequence;
    private Optional<String> broken = Optional.empty();

    /** Goes on with the next stored entry; what comes after the first fault is not judged. */
    public void next(AuditEntry entry, byte[] hash) {
        if (broken.isPresent()) {
            return;
        }
        if (entry.sequence() != sequence + 1) {
            broken = Optional.of("entry " + (sequence + 1) + " is missing");
            return;
        }
        byte[] expected = hash(last, entry);
        if (!MessageDigest.isEqual(expected, hash)) {
            broken = Optional.of("entry " + entry.sequence() + " was changed or put in");
            return;
        }
        sequence = entry.sequence();
        last = expected;
    }

    /** Compares the end with what the database keeps as the newest entry. */
    public void end(long headSequence, byte[] headHash) {
        if (broken.isEmpty() && (headSequence != sequence || !Arrays.equals(headHash, last))) {
            broken = Optional.of("entries after " + sequence + " are missing");
        }
    }

    /** How many entries are in order. */
    public long verified() {
        return sequence;
    }

    /** The first fault. */
    public Optional<String> fault() {
        return broken;
    }

    static byte[] hash(byte[] previous, AuditEntry entry) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            digest.update(text(entry).getBytes(StandardCharsets.UTF_8));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String text(AuditEntry entry) {
        StringBuilder text = new StringBuilder();
        part(text, Integer.toString(entry.tenant()));
        part(text, Long.toString(entry.sequence()));
        part(text, Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at())));
        part(text, entry.actor());
        part(text, entry.action());
        part(text, entry.objectType());
        part(text, entry.objectId());
        part(text, entry.change());
        part(text, entry.correlation());
        part(text, entry.reason());
        return text.toString();
    }

    private static void part(StringBuilder text, String value) {
        text.append(value.codePointCount(0, value.length())).append(':').append(value);
    }
}
