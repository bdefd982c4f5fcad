package io.auspex.promql.boundary;

import io.auspex.series.Matcher;
import java.util.List;

/**
 * A look at labels as a caller asks for it.
 *
 * @param selectors series that match any of them; none means all series
 * @param startMillis first time at which a series must have been, inclusive
 * @param endMillis last such time, inclusive
 */
public record SeriesRequest(List<List<Matcher>> selectors, long startMillis, long endMillis) {
    public SeriesRequest {
        selectors = selectors.isEmpty() ? List.of(List.of()) : List.copyOf(selectors);
    }
}
