package io.auspex.series.control;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Ends the time of samples: whole partitions once no tenant keeps them any more, single packs of tenants that keep
 * less than the longest. May run at any time and as often as one likes.
 */
final class Retention {
    private final TenantJdbc jdbc;
    private final PackStore packs;
    private final int defaultDays;

    Retention(TenantJdbc jdbc, PackStore packs, int defaultDays) {
        this.jdbc = jdbc;
        this.packs = packs;
        this.defaultDays = defaultDays;
    }

    /** What was removed. */
    record Outcome(int partitions, long packs) {}

    Outcome run(Collection<TenantId> tenants, Instant now) {
        Map<TenantId, Integer> days = new HashMap<>();
        tenants.forEach(tenant -> days.put(tenant, daysOf(tenant)));
        int longest = days.values().stream().mapToInt(Integer::intValue).max().orElse(defaultDays);
        int partitions = dropBefore(LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(Math.max(longest, defaultDays)));
        long deleted = 0;
        for (Map.Entry<TenantId, Integer> tenant : days.entrySet()) {
            if (tenant.getValue() < Math.max(longest, defaultDays)) {
                deleted += deleteBefore(
                        tenant.getKey(),
                        now.minus(Duration.ofDays(tenant.getValue())).toEpochMilli());
            }
        }
        return new Outcome(partitions, deleted);
    }

    private int daysOf(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                            connection.prepareStatement("select days from auspex.retention_policy where tier = 'raw'");
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : defaultDays;
            }
        });
    }

    private int dropBefore(LocalDate day) {
        int dropped = jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select auspex.perf_metrics_drop_before(?, ?)")) {
                statement.setDate(1, Date.valueOf(day));
                statement.setInt(2, defaultDays);
                int count = 0;
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        count++;
                    }
                }
                return count;
            }
        });
        packs.forgetDays();
        return dropped;
    }

    private long deleteBefore(TenantId tenant, long millis) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from auspex.perf_metrics where t_start < ? and t_end < ?")) {
                statement.setLong(1, millis);
                statement.setLong(2, millis);
                return (long) statement.executeUpdate();
            }
        });
    }
}
