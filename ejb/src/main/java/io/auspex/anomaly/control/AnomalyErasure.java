package io.auspex.anomaly.control;

import io.auspex.insight.boundary.InsightStream;
import io.auspex.series.ErasedSeries;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets go of what detectors found and learned of series that are erased. */
@ApplicationScoped
public class AnomalyErasure {
    private static final String OF_THESE =
            " where (h1, h2) in (select * from unnest(?::bigint[], ?::bigint[]) as u (h1, h2))";

    @Inject
    TenantJdbc jdbc;

    @Inject
    LiveDetection live;

    @Inject
    InsightStream insights;

    void erase(@Observes ErasedSeries erased) {
        Set<SeriesIdentity> series =
                erased.series().stream().map(SeriesIdentity::of).collect(Collectors.toSet());
        if (series.isEmpty()) {
            return;
        }
        live.forget(erased.tenant(), series);
        Object[] highs = series.stream().map(SeriesIdentity::high).toArray();
        Object[] lows = series.stream().map(SeriesIdentity::low).toArray();
        jdbc.run(erased.tenant(), connection -> {
            List<String> sources = new ArrayList<>();
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from auspex.anomaly" + OF_THESE + " returning anomaly_id")) {
                delete.setArray(1, connection.createArrayOf("bigint", highs));
                delete.setArray(2, connection.createArrayOf("bigint", lows));
                try (ResultSet row = delete.executeQuery()) {
                    while (row.next()) {
                        sources.add("anomaly:" + row.getLong(1));
                    }
                }
            }
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from auspex.detector_state" + OF_THESE)) {
                delete.setArray(1, connection.createArrayOf("bigint", highs));
                delete.setArray(2, connection.createArrayOf("bigint", lows));
                delete.executeUpdate();
            }
            insights.erase(connection, erased.tenant(), sources);
        });
    }
}
