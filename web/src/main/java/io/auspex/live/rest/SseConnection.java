package io.auspex.live.rest;

import io.auspex.live.LiveSink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * A server-sent-events response that is written without ever blocking a thread. What the network does not take waits in
 * a bounded queue; a subscriber that lets it fill up is dropped and resumes with the id of the last event it got.
 */
final class SseConnection implements LiveSink, WriteListener, AsyncListener {
    static final int MAX_WAITING = 256;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private Runnable onEnd = () -> {};
    private boolean started;
    private boolean unflushed;
    private boolean closing;
    private boolean ended;

    SseConnection(AsyncContext context) throws IOException {
        this.context = context;
        this.out = context.getResponse().getOutputStream();
    }

    /** Starts writing; {@code onEnd} runs once, when the connection has ended for whatever reason. */
    void start(Runnable runAtEnd) {
        synchronized (this) {
            onEnd = runAtEnd;
            started = true;
        }
        context.addListener(this);
        out.setWriteListener(this); // calls onWritePossible as soon as it may be written
    }

    @Override
    public boolean send(byte[] event) {
        synchronized (this) {
            if (ended || closing) {
                return false;
            }
            if (waiting.size() < MAX_WAITING) {
                waiting.add(event);
                return drain();
            }
        }
        end();
        return false;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            drain();
        }
    }

    @Override
    public synchronized void onWritePossible() {
        drain();
    }

    /** Writes while the network takes it; asking for readiness is what makes the container call back later. */
    private boolean drain() {
        try {
            while (started && !ended && out.isReady()) {
                byte[] next = waiting.poll();
                if (next != null) {
                    out.write(next);
                    unflushed = true;
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else {
                    if (closing) {
                        end();
                    }
                    return !closing;
                }
            }
            return !ended;
        } catch (IOException | IllegalStateException e) {
            end();
            return false;
        }
    }

    private void end() {
        Runnable after;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            waiting.clear();
            after = onEnd;
        }
        after.run();
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // the container has completed it already
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // this response is dispatched once
    }
}
