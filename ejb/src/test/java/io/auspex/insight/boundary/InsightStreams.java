package io.auspex.insight.boundary;

import io.auspex.insight.control.InsightStore;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An {@link InsightStream} for tests, without a container. */
public final class InsightStreams {
    private InsightStreams() {}

    public static InsightStream of(InsightStore store) {
        InsightStream stream = new InsightStream();
        stream.store = store;
        stream.changed = new Unheard<>();
        return stream;
    }

    /** Nobody listens. */
    private static final class Unheard<T> implements Event<T> {
        @Override
        public void fire(T event) {
            // nobody to tell
        }

        @Override
        public <U extends T> CompletionStage<U> fireAsync(U event) {
            return CompletableFuture.completedFuture(event);
        }

        @Override
        public <U extends T> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
            return CompletableFuture.completedFuture(event);
        }

        @Override
        public Event<T> select(Annotation... qualifiers) {
            return this;
        }

        @Override
        public <U extends T> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
            return new Unheard<>();
        }

        @Override
        public <U extends T> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            return new Unheard<>();
        }
    }
}
