package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextDecoderTest {
    private static final SeriesResolver NOBODY = (high, low, from, to, refs) -> Arrays.fill(refs, from, to, -1);
    private static final long NOW = 1_700_000_000_123L;

    private final TextDecoder decoder = new TextDecoder();
    private final DecodedBatch batch = new DecodedBatch();

    private LineErrors decode(String text, boolean openMetrics) {
        return decode(text, openMetrics ? TextFormat.OPENMETRICS : TextFormat.PROMETHEUS);
    }

    private LineErrors decode(String text, TextFormat format) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return decoder.decode(body, body.length, format, NOW, IngestLimits.DEFAULT, NOBODY, batch);
    }

    @Test
    void scrapedOpenMetrics_isHeldToItsLinesAndEnd() {
        String loose = "# TYPE a counter\na 1\n# TYPE b histogram\nb_bucket{le=\"1\"} 2 1.5\na 2\n";

        assertThat(decode(loose + "# EOF\n", TextFormat.SCRAPED_OPENMETRICS).count())
                .isZero();
        assertThat(batch.sampleCount()).isEqualTo(3);
        assertThat(batch.timestamps()[1]).as("seconds").isEqualTo(1_500);
        assertThatThrownBy(() -> decode(loose + "# EOF\n", TextFormat.OPENMETRICS))
                .isInstanceOf(AuspexException.class);
        assertThatThrownBy(() -> decode(loose, TextFormat.SCRAPED_OPENMETRICS))
                .hasMessageContaining("# EOF is missing");
        assertThatThrownBy(() -> decode("a  1\n# EOF\n", TextFormat.SCRAPED_OPENMETRICS))
                .hasMessageContaining("line 1: one space");
    }

    @Test
    void text_isReadLeniently() {
        LineErrors errors = decode("""
                # a comment
                # HELP http_requests_total All of them, \\\\ and \\n.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200"} 1027 1395066363000
                \thttp_requests_total { code = "400" , method="a\\"b\\\\c\\nd", } 3\t1395066363000\r

                bare 12.47
                nan NaN
                up +Inf -3982045
                {"dotted.name",x="y"} -1e3
                """, false);

        assertThat(errors.count()).isZero();
        assertThat(Arrays.copyOf(batch.values(), 6))
                .containsExactly(1027, 3, 12.47, Double.NaN, Double.POSITIVE_INFINITY, -1000);
        assertThat(Double.doubleToRawLongBits(batch.values()[3])).isEqualTo(0x7ff8000000000001L);
        assertThat(batch.labels(0))
                .isEqualTo(Labels.of("__name__", "http_requests_total", "code", "200", "method", "post"));
        assertThat(batch.labels(1).get("method")).isEqualTo("a\"b\\c\nd");
        assertThat(batch.labels(5)).isEqualTo(Labels.of("__name__", "dotted.name", "x", "y"));
        assertThat(batch.timestamps()[0]).isEqualTo(1_395_066_363_000L);
        assertThat(batch.timestamps()[2]).isEqualTo(NOW);
        assertThat(batch.timestamps()[4]).isEqualTo(-3_982_045L);
        assertThat(batch.metadata())
                .containsExactly(new MetricMetadata("http_requests_total", "counter", "All of them, \\ and \n.", ""));
    }

    @Test
    void text_namesTheLines_thatAreRefused() {
        LineErrors errors = decode(
                "a 1\na\na{ 1\na{x=\"1\" y=\"2\"} 1\na 1 x\na 1 2 3\n0a 1\na 0x1\n# TYPE a thing\n{x=\"1\"} 1\nb 2",
                false);

        assertThat(errors.first()).extracting(LineError::line).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(batch.sampleCount()).isEqualTo(2);
        assertThat(batch.item(1)).isEqualTo(11);
    }

    @Test
    void numbers_areThoseOfTheJvm() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 20_000; i++) {
            String number = i % 2 == 0
                    ? Double.toString(Double.longBitsToDouble(random.nextLong()))
                    : random.nextLong(100_000_000) + "." + random.nextInt(100_000_000);
            decode("a " + number, false);
            assertThat(Double.compare(batch.values()[0], Double.parseDouble(number)))
                    .as(number)
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a 1\n",
                "a{} 1 1.5\n",
                "# TYPE c counter\n# HELP c help\nc_total 17.0 1520879607.789 # {id=\"a # b\"} 0.5 1520879607\nc_created 1520 1520879607.789\n",
                "# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_count 17\ns_sum 324789.3\n",
                "# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 3 # {} 0.5\nh_count 3\nh_sum 2\n",
                "# TYPE h histogram\nh_bucket{le=\"-1\"} 0\nh_bucket{le=\"+Inf\"} 0\n",
                "# TYPE g gaugehistogram\ng_bucket{le=\"-1\"} 1\ng_bucket{le=\"+Inf\"} 3\ng_gcount 3\ng_gsum -2\n",
                "# TYPE i info\ni_info{x=\"y\"} 1\ni_info{x=\"z\"} 1\n",
                "# TYPE s stateset\ns{s=\"on\"} 1\ns{s=\"off\"} 0\n",
                "# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n",
                "# TYPE a gauge\na{x=\"1\"} 1 5\na{x=\"1\"} 2 6\na{x=\"2\"} 1\n",
                "# HELP a \n# TYPE a unknown\na -Inf\n",
                "# TYPE a gauge\na{x=\"1\"} 1 0.0000000001\na{x=\"1\"} 2 0.0000000011\na{x=\"1\"} 3 1\n",
                "# TYPE a counter\na_total 1 # {id=\"\u2603-0123456789-0123456789-0123456789-0123456789-0123456789\"} 1 1\n",
                "# TYPE a counter\na_total 1.5\n",
                "# TYPE a gauge\na{x=\"\"} 1 000\na{x=\"{}\"} 2 1.5e3\n",
                "# HELP \"a.b\" help\n# TYPE \"a.b\" gauge\n{\"a.b\",x=\"y\"} 1\n"
            })
    void openMetrics_isRead(String text) {
        assertThat(decode(text + "# EOF\n", true).count()).isZero();
        assertThat(decode(text + "# EOF", true).count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // lines
                "\n",
                " a 1\n",
                "a\n",
                "a \n",
                "a  1\n",
                "a 1 \n",
                "a 1\t\n",
                "a 1\r\n",
                "a 1_000\n",
                "a 0b1\n",
                "a 1 NaN\n",
                "a 1 +Inf\n",
                "a 1 1.1.1\n",
                "a 1 2 3\n",
                "1a 1\n",
                "a-b 1\n",
                "a{x=\"1\",} 1\n",
                "a{,} 1\n",
                "a{x=\"1\"}1\n",
                "a{x= \"1\"} 1\n",
                "a{x=\"1\",x=\"2\"} 1\n",
                "a{1x=\"1\"} 1\n",
                "a{x=\"1\n",
                "{x=\"1\"} 1\n",
                "a{x=1} 1\n",
                "a{x='1'} 1\n",
                "a{x=\"1\"y=\"2\"} 1\n",
                "a{x=\"1\",,y=\"2\"} 1\n",
                "a.b 1\n",
                "a 1 1z\n",
                // comments
                " # HELP a x\n",
                "# HELP a\t\n",
                "# TYPE a meh\n",
                "# UNIT a_seconds seconds \n",
                "#\n",
                "# nothing\n",
                "# HELP\n",
                "# HELP a\n",
                "# TYPE a\n",
                "# TYPE a untyped\n",
                "# TYPE a gauge \n",
                "#TYPE a gauge\n",
                "# UNIT a\n",
                "# UNIT a seconds\n",
                "# TYPE a_u info\n# UNIT a_u u\n",
                // families
                "a 1\n# TYPE a gauge\n",
                "# TYPE a gauge\n# TYPE a gauge\n",
                "# HELP a x\n# HELP a x\n",
                "# TYPE a_created gauge\n# TYPE a counter\n",
                "a 1\nb 1\na 2\n",
                "# TYPE a counter\na 1\n",
                // samples of a type
                "# TYPE a gauge\na 1 # {x=\"y\"} 1\n",
                "# TYPE a counter\na_total NaN\n",
                "# TYPE a counter\na_total -1\n",
                "# TYPE a info\na_info 2\n",
                "# TYPE a stateset\na{a=\"x\"} 2\n",
                "# TYPE a stateset\na{b=\"x\"} 1\n",
                "# TYPE a summary\na 1\n",
                "# TYPE a summary\na{quantile=\"1.1\"} 1\n",
                "# TYPE a summary\na_count 0.5\n",
                "# TYPE a summary\na{quantile=\"0.5\"} -1\n",
                // exemplars
                "# TYPE a counter\na_total 1 #\n",
                "# TYPE a counter\na_total 1 # {}\n",
                "# TYPE a counter\na_total 1 #{} 1\n",
                "# TYPE a counter\na_total 1 # {} 1 1 1\n",
                "# TYPE a counter\na_total 1 # {} 1 \n",
                "# TYPE a counter\na_created 1 # {} 1\n",
                "# TYPE a counter\na_total 1 # {x=\"y\"} 0.5 -Inf\n",
                "# TYPE a counter\na_total 1 # {x=\"y\"} 0.5 NaN\n",
                "# TYPE a counter\na_total 1# {} 1\n",
                "# TYPE a counter\na_total 1 # {}1\n",
                // histograms
                "# TYPE a histogram\na_count 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\n",
                "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 0\na_gcount 0\n",
                "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum NaN\n",
                "# TYPE a histogram\na_bucket 1\n",
                "# TYPE a histogram\na_bucket{le=\"1\"} 1\n",
                "# TYPE a histogram\na_bucket{le=\"Inf\"} 1\n",
                "# TYPE a histogram\na_sum 1\n",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1\n",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\n",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\na_sum 1\n",
                "# TYPE a histogram\na_bucket{le=\"2\"} 1\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\n",
                "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\n",
                "# TYPE a histogram\na_bucket{le=\"-1\"} 1\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n",
                "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gcount 1\na_gsum -1\n",
                // order
                "# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 1\na{x=\"1\"} 1\n",
                "# TYPE a gauge\na 1 2\na 1 1\n",
                "# TYPE a gauge\na 1\na 1 1\n"
            })
    void openMetrics_isRefusedAsAWhole_whenItBreaksARule(String text) {
        assertThatThrownBy(() -> decode(text + "# EOF\n", true)).isInstanceOfSatisfying(AuspexException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.BAD_DATA);
            assertThat(e.detail()).startsWith("line ");
        });
    }

    @Test
    void openMetrics_endsWithEof() {
        for (String text : new String[] {"", "a 1\n", "# EOF\na 1\n", "# EOF\n\n", "a 1\n# EOF \n"}) {
            assertThatThrownBy(() -> decode(text, true)).isInstanceOf(AuspexException.class);
        }
    }

    @Test
    void openMetrics_countsSeconds_andBringsExemplars() {
        decode("# TYPE c counter\nc_total 1 1520879607.789 # {trace_id=\"abc\"} 0.5\n# EOF\n", true);

        assertThat(batch.timestamps()[0]).isEqualTo(1_520_879_607_789L);
        assertThat(batch.exemplar(0)).isEqualTo(new Exemplar(Labels.of("trace_id", "abc"), 0.5, 1_520_879_607_789L));
        assertThat(batch.metadata()).containsExactly(new MetricMetadata("c", "counter", "", ""));
    }

    /** {@code -Dauspex.fuzz=1000000} runs a million bodies. */
    @Test
    void decode_givesABatchOrACodedError_forAnyBytes() {
        byte[] seed =
                ("# TYPE h histogram\nh_bucket{le=\"1.0\",x=\"\\\"y\"} 1 1.5 # {t=\"a\"} 0.5\nh_bucket{le=\"+Inf\"} 3\n"
                                + "h_count 3\nh_sum 2\n# HELP a \\n\n{\"a b\"} 1e5 7\n# EOF\n")
                        .getBytes(StandardCharsets.UTF_8);
        Fuzz.mutations(seed, body -> {
            decoder.decode(body, body.length, TextFormat.OPENMETRICS, NOW, IngestLimits.DEFAULT, NOBODY, batch);
            return batch;
        });
        Fuzz.mutations(seed, body -> {
            decoder.decode(body, body.length, TextFormat.PROMETHEUS, NOW, IngestLimits.DEFAULT, NOBODY, batch);
            return batch;
        });
    }
}
