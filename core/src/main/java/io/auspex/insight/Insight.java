package io.auspex.insight;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A stored finding; open until the engine that found it says that it is over. */
public record Insight(
        long id,
        String kind,
        String severity,
        String source,
        String entity,
        String title,
        String summary,
        List<Finding.Link> evidence,
        Instant openedAt,
        Instant updatedAt,
        Optional<Instant> closedAt) {
    public Insight {
        evidence = List.copyOf(evidence);
    }
}
