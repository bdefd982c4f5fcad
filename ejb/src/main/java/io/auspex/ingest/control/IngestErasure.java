package io.auspex.ingest.control;

import io.auspex.series.ErasedSeries;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;

/** Takes what is erased out of the examples of refused samples and of exploding labels, which are kept cut short. */
@ApplicationScoped
public class IngestErasure {
    @Inject
    TenantJdbc jdbc;

    void erase(@Observes ErasedSeries erased) {
        if (erased.series().isEmpty()) {
            return;
        }
        jdbc.run(erased.tenant(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.ingest_reject set series = '', detail = '' where series = any (?)")) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "text",
                                erased.series().stream()
                                        .map(series -> StoredText.of(series.toString(), RejectLedger.MOST_TEXT))
                                        .toArray()));
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.cardinality_stat set example = '' where example = any (?)")) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "text",
                                erased.values().stream()
                                        .map(value -> StoredText.of(value, CardinalityWatch.MOST_TEXT))
                                        .toArray()));
                statement.executeUpdate();
            }
        });
    }
}
