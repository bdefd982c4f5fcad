package io.auspex.forecast.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.FloatSeries;
import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A series in a request body.
 *
 * @param points pairs of Unix seconds and value, in ascending order of time
 */
public record PostedSeries(@Nullable Map<String, String> labels, double @Nullable [][] points) {
    /** Points of all series of a request. */
    private static final int MAX_POINTS = 100_000;

    /** @throws AuspexException BAD_REQUEST for points that are no pairs or not in order, PAYLOAD_TOO_LARGE for too many */
    public static List<FloatSeries> read(List<PostedSeries> posted) {
        long points = 0;
        for (PostedSeries series : posted) {
            points += series.points == null ? 0 : series.points.length;
        }
        if (points > MAX_POINTS) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE, "a request has at most " + MAX_POINTS + " points, got " + points);
        }
        return posted.stream().map(PostedSeries::read).toList();
    }

    private FloatSeries read() {
        double[][] pairs = points;
        if (pairs == null || pairs.length == 0) {
            throw new AuspexException(Code.BAD_REQUEST, "points is required: pairs of Unix seconds and value");
        }
        SampleColumn column = new SampleColumn(pairs.length);
        long last = Long.MIN_VALUE;
        for (int i = 0; i < pairs.length; i++) {
            if (pairs[i] == null || pairs[i].length != 2) {
                throw new AuspexException(Code.BAD_REQUEST, "point " + i + " is no pair of Unix seconds and value");
            }
            long millis = Math.round(pairs[i][0] * 1000);
            if (millis <= last) {
                throw new AuspexException(Code.BAD_REQUEST, "point " + i + " is not after the one before it");
            }
            column.append(millis, pairs[i][1]);
            last = millis;
        }
        return new FloatSeries(labels == null ? Labels.EMPTY : Labels.of(labels), column);
    }
}
