package io.auspex.promql.rest;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonWriterTest {
    @Test
    void members_areSeparated() {
        String text = Written.by(json -> json.beginObject()
                .name("a")
                .number(1)
                .name("b")
                .beginArray()
                .beginArray()
                .endArray()
                .bool(true)
                .nothing()
                .beginObject()
                .endObject()
                .endArray()
                .name("c")
                .decimal(0.5)
                .endObject());

        assertThat(text).isEqualTo("{\"a\":1,\"b\":[[],true,null,{}],\"c\":0.5}");
    }

    @Test
    void string_escapesWhatJsonDoesNotAllow() {
        assertThat(Written.by(json -> json.string("\"\\\n\r\t\u0001é☺😀\ud800x")))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001é☺😀\uFFFDx\"");
    }

    @Test
    void string_isUtf8_acrossTheBuffer() {
        forAll(random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40_000); i > 0; i--) {
                text.appendCodePoint(
                        random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(50) : 0x20 + random.nextInt(2000));
            }
            String plain = text.toString().replace("\"", "").replace("\\", "");
            assertThat(Written.by(json -> json.string(plain)).getBytes(StandardCharsets.UTF_8))
                    .isEqualTo(("\"" + plain + "\"").getBytes(StandardCharsets.UTF_8));
        });
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,1", "1500,1.500", "1001,1.001", "-1500,-1.500", "1792233600123,1792233600.123"})
    void timestamp_isInSeconds(long millis, String expected) {
        assertThat(Written.by(json -> json.timestamp(millis))).isEqualTo(expected);
    }

    @Test
    void value_isAString() {
        assertThat(Written.by(json -> json.beginArray()
                        .value(1.5)
                        .value(Double.NaN)
                        .value(Double.NEGATIVE_INFINITY)
                        .value(1e21)
                        .value(1e-7)
                        .endArray()))
                .isEqualTo("[\"1.5\",\"NaN\",\"-Inf\",\"1e+21\",\"1e-07\"]");
    }

    @Test
    void number_writesTheExtremes() {
        assertThat(Written.by(json -> json.number(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
        assertThat(Written.by(json -> json.number(Long.MAX_VALUE))).isEqualTo("9223372036854775807");
    }
}
