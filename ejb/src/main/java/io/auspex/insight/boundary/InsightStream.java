package io.auspex.insight.boundary;

import io.auspex.insight.Finding;
import io.auspex.insight.control.InsightStore;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Where engines put what they found, in the transaction in which they store what it rests on: no finding without its
 * evidence. Engines have no caller; the tenant is the one whose samples they judged.
 */
@ApplicationScoped
public class InsightStream {
    @Inject
    InsightStore store;

    @Inject
    Event<FindingsChanged> changed;

    /** Opens the insight of a source, or brings it up to date. */
    public void publish(Connection connection, TenantId tenant, Finding finding, Instant openedAt, Instant now)
            throws SQLException {
        store.put(connection, tenant, finding, openedAt, now);
        changed.fire(new FindingsChanged(tenant));
    }

    /** The source has nothing to report any more. */
    public void close(Connection connection, TenantId tenant, String source, Instant closedAt) throws SQLException {
        store.close(connection, tenant, source, closedAt);
        changed.fire(new FindingsChanged(tenant));
    }

    /** What some sources found is to be forgotten, since it was about what is erased. */
    public void erase(Connection connection, TenantId tenant, List<String> sources) throws SQLException {
        store.erase(connection, sources);
        changed.fire(new FindingsChanged(tenant));
    }
}
