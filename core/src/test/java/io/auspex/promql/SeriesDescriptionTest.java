package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.promql.SeriesDescription.Point;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.StaleMarker;
import org.junit.jupiter.api.Test;

final class SeriesDescriptionTest {
    private static SeriesDescription parse(String text) {
        return SeriesDescription.parse(text, SeriesDescriptionTest::sum, (a, b) -> a);
    }

    private static NativeHistogram sum(NativeHistogram a, NativeHistogram b) {
        return new NativeHistogram(
                a.schema(),
                a.count() + b.count(),
                a.sum() + b.sum(),
                a.zeroThreshold(),
                a.zeroCount(),
                a.positiveOffset(),
                a.positive(),
                a.negativeOffset(),
                a.negative(),
                a.customBounds(),
                a.resetHint());
    }

    @Test
    void parse_expandsValues_whenTheyRepeat() {
        SeriesDescription series = parse("up{job=\"a\", \"x.y\"='b',}  1 -2.5e-1 _ _x2 1+2x2 3x1 NaN -Infx1");

        assertThat(series.labels()).isEqualTo(Labels.of("__name__", "up", "job", "a", "x.y", "b"));
        assertThat(series.points().stream().map(point -> point.omitted() ? "_" : "" + point.value()))
                .containsExactly(
                        "1.0",
                        "-0.25",
                        "_",
                        "_",
                        "_",
                        "1.0",
                        "3.0",
                        "5.0",
                        "3.0",
                        "3.0",
                        "NaN",
                        "-Infinity",
                        "-Infinity");
    }

    @Test
    void parse_keepsStaleMarkers() {
        Point stale = parse("{\"with.dot\"} stale").points().get(0);

        assertThat(StaleMarker.is(stale.value())).isTrue();
    }

    @Test
    void parse_readsHistograms_alsoIncreasing() {
        SeriesDescription series = parse(
                "h {{schema:1 count:4 sum:-Inf buckets:[1 2 NaN] offset:-1 counter_reset_hint:gauge}}+{{schema:1 count:2}}x2 {{}}");

        NativeHistogram first = series.points().get(0).histogram();
        assertThat(first.schema()).isEqualTo(1);
        assertThat(first.sum()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(first.positive()).containsExactly(1, 2, Double.NaN);
        assertThat(first.positiveOffset()).isEqualTo(-1);
        assertThat(first.resetHint()).isEqualTo(NativeHistogram.ResetHint.GAUGE);
        assertThat(series.points().stream().map(point -> point.histogram().count()))
                .containsExactly(4.0, 6.0, 8.0, 0.0);
    }

    @Test
    void parse_refuses_whatIsNoSeries() {
        assertThatThrownBy(() -> parse("up{a=1} 1")).hasMessageContaining("a label value");
        assertThatThrownBy(() -> parse("up 1+1")).hasMessageContaining("expected x");
        assertThatThrownBy(() -> parse("up {{what:1}}")).hasMessageContaining("bad histogram descriptor");
    }
}
