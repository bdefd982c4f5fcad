package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrinterTest {
    private static Expr parse(String query) {
        return Parser.parse(query, Dialect.EXTENDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "sum by() (task:errors:rate10s{job=\"s\"})|sum(task:errors:rate10s{job=\"s\"})",
                "sum by(code) (up)|sum by (code) (up)",
                "sum without(\"foo bar\", x) (up)|sum without (\"foo bar\", x) (up)",
                "topk(5, up)|topk(5, up)",
                "count_values(\"value\", up)|count_values(\"value\", up)",
                "a + on(b) c|a + on (b) c",
                "a - ignoring() c|a - c",
                "a - on() group_left(d) c|a - on () group_left (d) c",
                "a > bool 1|a > bool 1",
                "up{z!~\"x\",a=\"b\"} offset 60|up{a=\"b\",z!~\"x\"} offset 1m",
                "{\"http.requests\",\"my label\"=\"x\"}|{\"my label\"=\"x\",__name__=\"http.requests\"}",
                "a[5m] offset -1d @ 10.5|a[5m] @ 10.500 offset -1d",
                "a[1h30m:] @ end()|a[1h30m:] @ end()",
                "a[1h:90s] @ start() offset 1y|a[1h:1m30s] @ start() offset 1y",
                "(1 + 2)|(1 + 2)",
                "1 + inf|1 + +Inf",
                "-a ^ -2|-a ^ -2",
                "1e10 + 0x10 + 5m|10000000000 + 16 + 5m",
                "'a\\tb\"'|\"a\\tb\\\"\"",
                "a[5m*(2+3)-1s:30/2] offset (1s+2)|a[5m * (2 + 3) - 1s:30 / 2] offset (1s + 2)"
            })
    void line_isCanonical(String query, String expected) {
        assertThat(Printer.line(parse(query))).isEqualTo(expected);
    }

    @Test
    void pretty_splitsWhatIsLong() {
        String metric = "a_metric_with_a_rather_long_name_that_takes_space";
        String query = "sum by (job) (rate(" + metric + "[5m]) / on (instance) group_left () " + metric
                + ") > quantile(0.9, " + metric + ")";

        assertThat(Printer.pretty(parse(query))).isEqualTo("""
                          sum by (job) (
                              rate(%1$s[5m])
                            / on (instance) group_left ()
                              %1$s
                          )
                        >
                          quantile(0.9, %1$s)""".formatted(metric));
    }

    @Test
    void pretty_isTheLine_whenItIsShort() {
        assertThat(Printer.pretty(parse("sum(up)   by (job)"))).isEqualTo("sum by (job) (up)");
    }
}
