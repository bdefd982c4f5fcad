package io.auspex.platform.boundary;

import io.auspex.platform.Meters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The one clock and the one registry of meters of a node, for injection. */
@ApplicationScoped
public class PlatformBeans {
    private static final Meters METERS = new Meters();

    /** {@code @Inject Clock clock}; nobody else asks the system for the time. */
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Meters meters() {
        return METERS;
    }
}
