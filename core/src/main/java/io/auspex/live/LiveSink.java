package io.auspex.live;

/** The connection of one subscriber. Thread-safe; never waits for the network. */
public interface LiveSink {
    /** Queues bytes; false when the subscriber is gone, or too slow and therefore dropped. */
    boolean send(byte[] event);

    /** Ends the connection; the subscriber comes back and goes on where it was. */
    void close();
}
