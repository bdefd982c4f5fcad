package io.auspex.cluster.control;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.JobWork;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The table {@code job_run}: runs of every job, one tenant at a time.
 *
 * <p>Who works on a run is its holder. What a holder says is heard only while it holds the run, so that a node that
 * was given up for lost changes nothing any more.
 */
@ApplicationScoped
public class RunStore {
    private static final String INSERT =
            "insert into auspex.job_run (tenant_id, job, subject, parameters, status, requested_by, created_at)"
                    + " values (?, ?, ?, ?::json, 'QUEUED', ?, ?) on conflict do nothing returning run_id";

    @Inject
    TenantJdbc jdbc;

    /** Queues a run; empty when the tenant has an unfinished one of this job and subject. */
    public OptionalLong queue(TenantId tenant, String job, JobWork work, String requestedBy, Instant now) {
        return jdbc.call(tenant, connection -> insert(connection, tenant, job, work, requestedBy, now));
    }

    private static OptionalLong insert(
            Connection connection, TenantId tenant, String job, JobWork work, String requestedBy, Instant now)
            throws SQLException {
        JsonObjectBuilder parameters = Json.createObjectBuilder();
        work.parameters().forEach(parameters::add);
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setInt(1, tenant.value());
            statement.setString(2, job);
            statement.setString(3, work.subject());
            statement.setString(4, parameters.build().toString());
            statement.setString(5, requestedBy);
            statement.setObject(6, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /**
     * Takes a slot of a timed job and queues a run for every active tenant, all or nothing. Without a tenant it is not taken.
     *
     * @return how many were queued; empty when another node was first
     */
    public OptionalInt queueSlot(String job, String slot, String node, JobWork work, Instant now) {
        return jdbc.callUnbound(connection -> {
            List<TenantId> tenants = activeTenants(connection);
            if (tenants.isEmpty()) {
                return OptionalInt.of(0); // the first start has not made one yet: the slot stays free
            }
            if (!takeSlot(connection, job, slot, node, now)) {
                return OptionalInt.empty();
            }
            int queued = 0;
            for (TenantId tenant : tenants) {
                TenantJdbc.bind(connection, tenant);
                queued += insert(connection, tenant, job, work, "timer", now).isPresent() ? 1 : 0;
            }
            return OptionalInt.of(queued);
        });
    }

    /** The advisory lock keeps nodes from waiting for each other, the unique row keeps the slot taken for ever. */
    private static boolean takeSlot(Connection connection, String job, String slot, String node, Instant now)
            throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_try_advisory_xact_lock(hashtext(?), hashtext(?))")) {
            lock.setString(1, "job:" + job);
            lock.setString(2, slot);
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    return false;
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into auspex.job_slot (job, slot, node, taken_at) values (?, ?, ?, ?) on conflict do nothing")) {
            insert.setString(1, job);
            insert.setString(2, slot);
            insert.setString(3, node);
            insert.setObject(4, now.atOffset(ZoneOffset.UTC));
            return insert.executeUpdate() == 1;
        }
    }

    private static List<TenantId> activeTenants(Connection connection) throws SQLException {
        List<TenantId> tenants = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "select tenant_id from auspex.tenant_list() where status = 'ACTIVE'");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tenants.add(new TenantId(row.getInt(1)));
            }
        }
        return tenants;
    }

    /**
     * The latest runs first, one more than the page's limit when there are more.
     *
     * @param jobs names of the jobs, none for all
     */
    public List<JobRun> list(TenantId tenant, Set<String> jobs, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            String sql = "select * from auspex.job_run where tenant_id = ? and run_id < ? and (? or job = any (?))"
                    + " order by run_id desc limit ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setBoolean(3, jobs.isEmpty());
                statement.setArray(4, connection.createArrayOf("text", jobs.toArray()));
                statement.setInt(5, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<JobRun> find(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select * from auspex.job_run where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                return read(statement).stream().findFirst();
            }
        });
    }

    /** Asks a run to stop: one that waits is stopped at once. False when it is over already. */
    public boolean requestStop(TenantId tenant, long run, Instant now) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.job_run set"
                    + " ended_at = case when status = 'QUEUED' then ?::timestamptz end,"
                    + " message = case when status = 'QUEUED' then 'stopped before it began' else message end,"
                    + " status = case when status = 'QUEUED' then 'STOPPED' else 'STOPPING' end"
                    + " where tenant_id = ? and run_id = ? and status in ('QUEUED', 'RUNNING', 'STOPPING')";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, now.atOffset(ZoneOffset.UTC));
                statement.setInt(2, tenant.value());
                statement.setLong(3, run);
                return statement.executeUpdate() == 1;
            }
        });
    }

    /**
     * Queues a run that failed or was stopped once more; it goes on where it stood. False when it is not such a run, or
     * the tenant has another unfinished one of its job and subject.
     */
    public boolean requeue(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.job_run r set status = 'QUEUED', ended_at = null, message = ''"
                    + " where tenant_id = ? and run_id = ? and status in ('FAILED', 'STOPPED')"
                    + " and not exists (select from auspex.job_run o where o.tenant_id = r.tenant_id and o.job = r.job"
                    + " and o.subject = r.subject and o.status in ('QUEUED', 'RUNNING', 'STOPPING'))";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                return statement.executeUpdate() == 1;
            }
        });
    }

    /** The run is in the hands of an execution of the batch runtime. */
    public void executing(TenantId tenant, long run, UUID holder, long execution) {
        held(tenant, run, holder, "update auspex.job_run set execution_id = " + execution);
    }

    /**
     * A step of a run begins and knows how much there is to do.
     *
     * @return the items of this step that are done already
     * @throws LostRun when the run is not the holder's any more
     */
    public int begin(TenantId tenant, long run, UUID holder, String step, int total) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.job_run set step = ?, total = ?,"
                    + " processed = case when step = ? then least(processed, ?) else 0 end"
                    + " where tenant_id = ? and run_id = ? and holder = ? returning processed";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, step);
                statement.setInt(2, total);
                statement.setString(3, step);
                statement.setInt(4, total);
                statement.setInt(5, tenant.value());
                statement.setLong(6, run);
                statement.setObject(7, holder);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new LostRun(run);
                    }
                    return row.getInt(1);
                }
            }
        });
    }

    /** @throws LostRun when the run is not the holder's any more */
    public void advance(TenantId tenant, long run, UUID holder, int items) {
        if (!held(tenant, run, holder, "update auspex.job_run set processed = processed + " + items)) {
            throw new LostRun(run);
        }
    }

    /** The holder's part is over; nothing happens when it was given up for lost before. */
    public boolean ended(TenantId tenant, long run, UUID holder, JobRun.Status status, String message, Instant now) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.job_run set status = ?, message = ?, ended_at = ?, holder = null,"
                    + " lease_until = null where tenant_id = ? and run_id = ? and holder = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, status.name());
                statement.setString(2, message);
                statement.setObject(3, now.atOffset(ZoneOffset.UTC));
                statement.setInt(4, tenant.value());
                statement.setLong(5, run);
                statement.setObject(6, holder);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private boolean held(TenantId tenant, long run, UUID holder, String update) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(update + " where tenant_id = ? and run_id = ? and holder = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                statement.setObject(3, holder);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private static List<JobRun> read(PreparedStatement statement) throws SQLException {
        List<JobRun> runs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long execution = row.getLong("execution_id");
                runs.add(new JobRun(
                        row.getLong("run_id"),
                        row.getString("job"),
                        row.getString("subject"),
                        JobRun.Status.valueOf(row.getString("status")),
                        row.getString("requested_by"),
                        execution > 0 ? Optional.of(execution) : Optional.empty(),
                        row.getInt("total"),
                        row.getInt("processed"),
                        row.getString("message"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
        }
        return runs;
    }
}
