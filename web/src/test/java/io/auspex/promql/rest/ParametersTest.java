package io.auspex.promql.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.promql.boundary.QueryRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParametersTest {
    private static Parameters of(String... namesAndValues) {
        Map<String, String[]> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], new String[] {namesAndValues[i + 1]});
        }
        return new Parameters(values);
    }

    @ParameterizedTest
    @CsvSource({
        "1435781430, 1435781430000",
        "1435781430.781, 1435781430781",
        "-12.5, -12500",
        "1e3, 1000000",
        "2015-07-01T20:10:30.781Z, 1435781430781",
        "2015-07-01T22:10:30+02:00, 1435781430000"
    })
    void time_isSecondsOrADate(String text, long millis) {
        assertThat(of("time", text).time("time")).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"''", "yesterday", "NaN", "Inf", "0x10", "1e300", "12d"})
    void time_isRefused_whenItIsNeither(String text) {
        assertThatThrownBy(() -> of("time", text).time("time"))
                .isInstanceOf(AuspexException.class)
                .hasMessage("invalid parameter \"time\": cannot parse \"" + text + "\" to a valid timestamp");
    }

    @ParameterizedTest
    @CsvSource({"15, 15000", "0.5, 500", "0.0005, 0", "1h30m, 5400000", "1y, 31536000000", "-1, -1000", "4.018, 4018"})
    void duration_isSecondsOrWithUnits(String text, long millis) {
        assertThat(of("step", text).duration("step")).isEqualTo(millis);
    }

    @Test
    void duration_isRefused_whenItIsNone() {
        assertThatThrownBy(() -> of("step", "5x").duration("step"))
                .hasMessage("invalid parameter \"step\": cannot parse \"5x\" to a valid duration");
        assertThatThrownBy(() -> of("step", "1e12").duration("step")).hasMessageEndingWith("It overflows int64");
    }

    @Test
    void limit_isNotNegative() {
        assertThat(of("limit", "7").limit()).isEqualTo(7);
        assertThat(of().limit()).isZero();
        assertThatThrownBy(() -> of("limit", "-1").limit())
                .hasMessage("invalid parameter \"limit\": limit must be non-negative");
        assertThatThrownBy(() -> of("limit", "x").limit()).isInstanceOf(AuspexException.class);
    }

    @Test
    void matchers_needOneThatIsNotEmpty() {
        assertThat(of("match[]", "up{job=\"a\"}").matchers()).hasSize(1);
        assertThatThrownBy(() -> of("match[]", "{job=~\".*\"}").matchers())
                .hasMessage("invalid parameter \"match[]\": match[] must contain at least one non-empty matcher");
        assertThatThrownBy(() -> of("match[]", "up{").matchers())
                .hasMessage("invalid parameter \"match[]\": 1:4: parse error: unexpected end of input inside braces");
    }

    @ParameterizedTest
    @CsvSource({
        "job, job",
        "U__http_2e_status, http.status",
        "U__a__b, a_b",
        "U___263a_, ☺",
        "U__x_zz_, U__x_zz_",
        "U__x_2e, U__x_2e"
    })
    void labelName_isUnescaped(String path, String name) {
        assertThat(Parameters.labelName(path)).contains(name);
    }

    @Test
    void rangeRequest_checksItsBounds() {
        QueryRequest request = QueryRangeServlet.request(
                of("query", "up", "start", "0", "end", "110", "step", "10ms", "timeout", "5s"));
        assertThat(request)
                .isEqualTo(new QueryRequest("up", 0, 110_000, 10, OptionalLong.of(5000), OptionalLong.empty()));

        assertThatThrownBy(() -> QueryRangeServlet.request(of("start", "0", "end", "111", "step", "10ms")))
                .hasMessageStartingWith("exceeded maximum resolution of 11,000 points per timeseries.");
        assertThatThrownBy(() -> QueryRangeServlet.request(of("start", "1", "end", "0", "step", "1")))
                .hasMessage("invalid parameter \"end\": end timestamp must not be before start time");
        assertThatThrownBy(() -> QueryRangeServlet.request(of("start", "0", "end", "1", "step", "0")))
                .hasMessageStartingWith("invalid parameter \"step\": zero or negative");
        assertThatThrownBy(() -> QueryRangeServlet.request(of("end", "1", "step", "1")))
                .hasMessage("invalid parameter \"start\": cannot parse \"\" to a valid timestamp");
    }
}
