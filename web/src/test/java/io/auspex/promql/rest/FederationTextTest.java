package io.auspex.promql.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.promql.LatestSamples.Latest;
import io.auspex.series.Labels;
import java.io.IOException;
import java.io.StringWriter;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FederationTextTest {
    private static String text(boolean utf8) throws IOException {
        SortedMap<Labels, Latest> samples = new TreeMap<>();
        samples.put(Labels.of("__name__", "up", "job", "a\"\n\\"), new Latest(1500, 1));
        samples.put(Labels.of("A", "x", "__name__", "up", "instance", "i"), new Latest(1501, Double.NaN));
        samples.put(Labels.of("__name__", "http.requests", "my label", "x"), new Latest(-2, 0.5));
        StringWriter out = new StringWriter();
        new FederationText(out, utf8).write(samples);
        return out.toString();
    }

    @Test
    void write_groupsByName_withTimesAndAnInstance() throws IOException {
        assertThat(text(true)).isEqualTo("""
                # TYPE "http.requests" untyped
                {"http.requests",instance="","my label"="x"} 0.5 -2
                # TYPE up untyped
                up{A="x",instance="i"} NaN 1501
                up{instance="",job="a\\"\\n\\\\"} 1 1500
                """);
    }

    @Test
    void write_replacesWhatPlainNamesCannotHave() throws IOException {
        assertThat(text(false))
                .contains("# TYPE http_requests untyped\nhttp_requests{instance=\"\",my_label=\"x\"} 0.5 -2\n");
    }
}
