package io.auspex.series;

/** A series that its sender has named for the first time. */
public record NewSeries(SeriesIdentity identity, Labels labels) {
    public static NewSeries of(Labels labels) {
        return new NewSeries(SeriesIdentity.of(labels), labels);
    }
}
