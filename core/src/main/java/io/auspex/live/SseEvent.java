package io.auspex.live;

import java.nio.charset.StandardCharsets;

/** The text of server-sent events (WHATWG HTML, 9.2). */
public final class SseEvent {
    private SseEvent() {}

    /**
     * @param name without line breaks
     * @param id what the subscriber sends as {@code Last-Event-ID} when it comes back; empty to leave the last one
     * @param data one line
     */
    public static byte[] of(String name, String id, String data) {
        if ((name + id + data).indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an event of several lines: " + name);
        }
        String text = (id.isEmpty() ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + data + "\n\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps connections open that carry nothing for a while. */
    public static byte[] comment() {
        return ":\n\n".getBytes(StandardCharsets.US_ASCII);
    }
}
