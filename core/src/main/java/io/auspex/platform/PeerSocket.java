package io.auspex.platform;

import org.jspecify.annotations.Nullable;

/**
 * The TCP connection of the running thread's request, so that long work can be given up when nobody waits for it any
 * more.
 *
 * @param localPort the server's port
 * @param remotePort the port of the client, or of the proxy that asks for it
 */
public record PeerSocket(int localPort, int remotePort) {
    /** Outside a request. */
    public static final PeerSocket NONE = new PeerSocket(0, 0);

    private static final ThreadLocal<@Nullable PeerSocket> CURRENT = new ThreadLocal<>();

    /** That of the running thread, {@link #NONE} outside a request. */
    public static PeerSocket current() {
        PeerSocket socket = CURRENT.get();
        return socket == null ? NONE : socket;
    }

    /** Makes a connection the running thread's; {@link #NONE} ends it. */
    public static void set(PeerSocket socket) {
        if (socket.equals(NONE)) {
            CURRENT.remove();
        } else {
            CURRENT.set(socket);
        }
    }
}
