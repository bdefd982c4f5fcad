package io.auspex.tenancy.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import io.auspex.platform.RequestContext;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plain JDBC for one tenant: each call is one transaction in which row level security sees exactly that tenant.
 *
 * <p>Independent of container transactions: what is committed here stays, whatever the caller's transaction
 * does. Connections come from a pool and carry no tenant outside a call.
 */
@ApplicationScoped
public class TenantJdbc {
    private static final double[] SECONDS = {0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

    private static final String BIND = "select set_config('app.tenant_id', ?, true), set_config('app.actor', ?, true),"
            + " set_config('app.correlation', ?, true), set_config('app.reason', ?, true)";

    /** Questions are asked again and again: planned once, not for each day's partitions anew. */
    private static final String BIND_QUESTION = BIND + ", set_config('plan_cache_mode', 'force_generic_plan', true); ";

    @Resource(lookup = DataSources.DIRECT)
    DataSource dataSource;

    @Inject
    Meters meters = new Meters();

    private final AtomicInteger inUse = new AtomicInteger();
    private MeterFamily.Meter wait = waits(meters);

    @PostConstruct
    void register() {
        wait = waits(meters);
        meters.gauge("auspex_db_connections_in_use", "Connections working for tenants.", inUse::get);
    }

    private static MeterFamily.Meter waits(Meters meters) {
        return meters.histogram("auspex_db_connection_wait_seconds", "Time until the pool gave a connection.", SECONDS)
                .with();
    }

    /** Work with a connection; must not commit, roll back or keep it. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        void with(Connection connection) throws SQLException;
    }

    public <T extends @Nullable Object> T call(TenantId tenant, Work<T> work) {
        return transaction(connection -> {
            bind(connection, tenant);
            return work.with(connection);
        });
    }

    public void run(TenantId tenant, Action action) {
        call(tenant, connection -> {
            action.with(connection);
            return Boolean.TRUE;
        });
    }

    /** Sets the parameters of a statement, from an index on. */
    @FunctionalInterface
    public interface Parameters {
        void set(PreparedStatement statement, int first) throws SQLException;
    }

    /** Takes what it wants from rows. */
    @FunctionalInterface
    public interface Rows<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /**
     * What one statement that only reads finds for a tenant, in one round trip: PostgreSQL takes statements that are
     * sent together for one transaction, in which the tenant is bound, and which is over with the answer.
     */
    public <T> T query(TenantId tenant, String sql, Parameters parameters, Rows<T> rows) {
        return connected(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(BIND_QUESTION + sql)) {
                parameters.set(statement, bind(statement, tenant));
                statement.execute();
                if (!statement.getMoreResults()) {
                    throw new SQLException("a query without rows: " + sql);
                }
                try (ResultSet found = statement.getResultSet()) {
                    return rows.read(found);
                }
            }
        });
    }

    /** Work that belongs to no tenant, or binds several one after the other with {@link #bind}; it sees no tenant's rows before. */
    public <T extends @Nullable Object> T callUnbound(Work<T> work) {
        return transaction(work);
    }

    /** Makes the rest of the connection's transaction that tenant's, and tells the audit trail who is at it. */
    public static void bind(Connection connection, TenantId tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BIND)) {
            bind(statement, tenant);
            statement.execute();
        }
    }

    /** Sets the parameters of {@link #BIND}; the index of the next one. */
    private static int bind(PreparedStatement statement, TenantId tenant) throws SQLException {
        RequestContext caller = RequestContext.current();
        statement.setString(1, tenant.toString());
        statement.setString(2, actor(caller, tenant.toString()));
        statement.setString(3, caller.correlation());
        statement.setString(4, caller.reason());
        return 5;
    }

    /** Adds an event that is not a change of a row to the bound tenant's audit trail. */
    public static void audit(Connection connection, String action, String objectType, String objectId)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select auspex.audit_event(?, ?, ?, '{}')")) {
            statement.setString(1, action);
            statement.setString(2, objectType);
            statement.setString(3, objectId);
            statement.execute();
        }
    }

    /** Tells the audit trail who is at it before there is a tenant: the one that is about to be created. */
    static void identify(Connection connection) throws SQLException {
        RequestContext caller = RequestContext.current();
        try (PreparedStatement statement = connection.prepareStatement(
                "select set_config('app.actor', ?, true), set_config('app.correlation', ?, true)")) {
            statement.setString(1, actor(caller, ""));
            statement.setString(2, caller.correlation());
            statement.execute();
        }
    }

    private static String actor(RequestContext caller, String tenant) {
        if (caller.user().isEmpty()) {
            return caller.correlation().isEmpty() ? "system" : "anonymous";
        }
        boolean own = caller.tenant().equals(tenant);
        return own ? caller.user() : caller.user() + "@" + caller.tenant();
    }

    private <T extends @Nullable Object> T transaction(Work<T> work) {
        return connected(connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    private <T extends @Nullable Object> T connected(Work<T> work) {
        long asked = System.nanoTime();
        try (Connection connection = dataSource.getConnection()) {
            wait.observe((System.nanoTime() - asked) / 1e9);
            inUse.incrementAndGet();
            try {
                return work.with(connection);
            } finally {
                inUse.decrementAndGet();
            }
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Turns what the database said into a coded error: unreachable or shutting down is UNAVAILABLE. */
    public static AuspexException translate(SQLException e) {
        String state = e.getSQLState();
        // 08 connection, 53 resources, 57P operator intervention; null is what the pool says when it cannot connect
        boolean unavailable =
                state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
        return unavailable
                ? new AuspexException(Code.UNAVAILABLE, "the database is not available", e)
                : new AuspexException(Code.INTERNAL, "the database refused a statement (SQLSTATE " + state + ")", e);
    }
}
