package io.auspex.promql;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParserTest {
    private static Expr parse(String query) {
        return Parser.parse(query, Dialect.EXTENDED);
    }

    @Test
    void parse_readsBackWhatIsPrinted() {
        forAll(random -> {
            Expr expr = parse(new RandomQuery(random).any(4));
            String line = Printer.line(expr);
            assertThat(Printer.line(parse(line))).isEqualTo(line);
            assertThat(Printer.line(parse(Printer.pretty(expr)))).isEqualTo(line);
        });
    }

    @Test
    void parse_throwsNothingButParseErrors_forAnyText() {
        String alphabet = "sum by(a,b)[5m:1s]{x=\"y\"}@ offset-1.5e3+*/^%==bool on`'\\\u00e9\ud83d\ude00\ud800#\n<>!~:";
        forAll(random -> {
            for (int i = 0; i < 20; i++) {
                String text = random.nextBoolean()
                        ? anyText(random, alphabet)
                        : mutated(random, new RandomQuery(random).any(3), alphabet);
                try {
                    assertThat(parse(text).type()).isNotNull();
                } catch (ParseException e) {
                    assertThat(e.detail()).matches("(?s)\\d+:\\d+: parse error: .+");
                }
            }
        });
    }

    private static String anyText(RandomGenerator random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(60); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String mutated(RandomGenerator random, String query, String alphabet) {
        StringBuilder text = new StringBuilder(query);
        for (int changes = random.nextInt(4); changes > 0 && text.length() > 0; changes--) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.deleteCharAt(at);
            } else {
                text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
        }
        return text.toString();
    }

    @Test
    void parse_refusesDeepNesting_withoutUsingUpTheStack() {
        for (String nested : new String[] {
            "(".repeat(100_000) + "1" + ")".repeat(100_000),
            "sum(".repeat(100_000),
            "1" + "^1".repeat(100_000),
            "-(".repeat(100_000),
            "a[" + "(".repeat(100_000),
            "a[1^" + "-".repeat(100_000)
        }) {
            assertThatThrownBy(() -> parse(nested))
                    .isInstanceOf(ParseException.class)
                    .hasMessageContaining("nested deeper than 128 levels");
        }
        for (String chain : new String[] {
            "a" + " or a".repeat(100_000), "-".repeat(100_000) + "a", "a" + "[1m:]".repeat(600),
        }) {
            assertThatThrownBy(() -> parse(chain)).isInstanceOf(ParseException.class);
        }
    }

    @Test
    void parse_acceptsLongChains_upToTheLimitOfHeight() {
        assertThat(parse("a" + " or a".repeat(Expr.MAX_HEIGHT - 1)).type()).isEqualTo(ValueType.VECTOR);
        assertThatThrownBy(() -> parse("a" + " or a".repeat(Expr.MAX_HEIGHT)))
                .hasMessageContaining("201 levels of operations, more than the allowed 200");
    }

    @Test
    void parse_takesLinearTime() {
        String long1 = "sum(" + "a{b=\"c\"},".repeat(200_000);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> parse(long1)).isInstanceOf(ParseException.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "foo bar|1:5: parse error: unexpected identifier \"bar\"",
                "sum(foo bar)|1:9: parse error: unexpected identifier \"bar\" in aggregation",
                "sum by (a) 5|1:12: parse error: unexpected number \"5\" in aggregation",
                "sum by foo(x)|1:8: parse error: unexpected identifier \"foo\" in grouping opts, expected \"(\"",
                "a{b=~\"(\"}|1:3: parse error: error parsing regexp: missing closing ): `^(?s:()$`",
                "foo[5m|1:7: parse error: unclosed left bracket",
                "foo[5m s]|1:8: parse error: unexpected character: 's', expected ':'",
                "foo[:5m]|1:6: parse error: unexpected colon before duration in duration expression",
                "foo[5m:|1:8: parse error: unclosed left bracket",
                "1_|1:1: parse error: bad number or duration syntax: \"1_\"",
                "08 + 0xfg|1:6: parse error: bad number or duration syntax: \"0xf\"",
                "é|1:1: parse error: unexpected character: 'é'",
                "\"é\" + 1|1:1: parse error: binary expression must contain only scalar and instant vector types",
                "{__name__=\"é\"} and 1|1:1: parse error: set operator \"and\" not allowed in binary scalar expression",
                "'é'[5m]|1:5: parse error: ranges only allowed for vector selectors",
                "foo @ 1 @ 2|1:1: parse error: @ <timestamp> may not be set multiple times",
                "foo @ start|1:12: parse error: unexpected end of input in @, expected timestamp",
                "rate(foo[5m], 1)|1:1: parse error: expected 1 argument(s) in call to \"rate\", got 2",
                "label_join(foo)|1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 1",
                "\"a very long string\" foo|1:22: parse error: unexpected identifier \"foo\"",
                "foo \"a very long string\"|1:5: parse error: unexpected string \"\\\"a very lo\"..."
            })
    void parse_namesPlaceAndProblem(String query, String error) {
        assertThatThrownBy(() -> parse(query)).hasMessage(error);
    }

    @Test
    void parse_countsLines() {
        assertThatThrownBy(() -> parse("sum(\n  foo,\n  bar)\n"))
                .hasMessageStartingWith("1:1: parse error: wrong number");
        assertThatThrownBy(() -> parse("1 +\n # comment\n  *"))
                .hasMessageStartingWith("3:3: parse error: unexpected <op:*>");
    }

    @Test
    void parse_needsTheDialect_forExperimentalParts() {
        assertThatThrownBy(() -> Parser.parse("mad_over_time(a[5m])", Dialect.STANDARD))
                .hasMessage("1:1: parse error: function \"mad_over_time\" is not enabled");
        assertThatThrownBy(() -> Parser.parse("limitk(1, a)", Dialect.STANDARD))
                .hasMessage("1:1: parse error: limitk() is experimental and must be enabled with"
                        + " --enable-feature=promql-experimental-functions");
        assertThatThrownBy(() -> Parser.parse("a[5m+1s]", Dialect.STANDARD))
                .hasMessage("1:3: parse error: experimental duration expression is not enabled");
    }

    @Test
    void parse_knowsFunctionsOfOthers_whenTheDialectDoes() {
        Function score = new Function("score", List.of(ValueType.MATRIX), 0, ValueType.VECTOR, false);
        Dialect extended = Dialect.STANDARD.with(Functions.STANDARD.with(score));

        assertThat(Parser.parse("score(a[5m])", extended).type()).isEqualTo(ValueType.VECTOR);
        assertThatThrownBy(() -> Parser.parse("score(a[5m])", Dialect.STANDARD))
                .hasMessage("1:1: parse error: unknown function with name \"score\"");
        assertThatThrownBy(() -> Functions.STANDARD.with(score, score)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyFunction_isImplemented() {
        assertThat(Functions.STANDARD.all())
                .allMatch(function -> FunctionRegistry.standard().has(function.name()));
    }

    @Test
    void precedence_bindsOffsetsAndPowersTightest() {
        assertThat(structure("-a ^ 2 * b")).isEqualTo("((-(a ^ 2)) * b)");
        assertThat(structure("2 ^ -1 * 3")).isEqualTo("((2 ^ -1) * 3)");
        assertThat(structure("2 ^ 3 ^ 4")).isEqualTo("(2 ^ (3 ^ 4))");
        assertThat(structure("a or b and c + d == e")).isEqualTo("(a or (b and ((c + d) == e)))");
        assertThat(structure("a offset 5m - 2")).isEqualTo("(a offset 5m - 2)");
    }

    private static String structure(String query) {
        return structure(parse(query));
    }

    private static String structure(Expr expr) {
        if (expr instanceof Expr.Binary binary) {
            return "(" + structure(binary.left()) + " " + binary.op().symbol() + " " + structure(binary.right()) + ")";
        }
        return expr instanceof Expr.Unary unary ? "(-" + structure(unary.expr()) + ")" : Printer.line(expr);
    }

    @Test
    void literals_haveTheReferencesValues() {
        assertThat(number("0755")).isEqualTo(493);
        assertThat(number("08")).isEqualTo(8);
        assertThat(number("1_000.5")).isEqualTo(1000.5);
        assertThat(number("0x_ff")).isEqualTo(255);
        assertThat(number("1h30m")).isEqualTo(5400);
        assertThat(number("-iNf")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(((Expr.StringLiteral) parse("\"\\xc3\\xbf\\303\\277\\u263a\\U0001F600\\xff\"")).value())
                .isEqualTo("ÿÿ☺😀\uFFFD");
    }

    private static double number(String query) {
        return ((Expr.NumberLiteral) parse(query)).value();
    }

    @Test
    void durations_areMilliseconds() {
        Expr.MatrixSelector matrix = (Expr.MatrixSelector) parse("a[4.018] offset -1m30s");
        assertThat(matrix.rangeMillis()).isEqualTo(4018);
        assertThat(matrix.vector().offsetMillis()).isEqualTo(-90_000);
        assertThat(((Expr.MatrixSelector) parse("a[11s+10s-5*2^2]")).rangeMillis())
                .isEqualTo(1000);
        Expr.Subquery subquery = (Expr.Subquery) parse("a[1h30m % 1h:] @ end()");
        assertThat(subquery.rangeMillis()).isEqualTo(1_800_000);
        assertThat(subquery.stepMillis(60_000)).isEqualTo(60_000);
        Expr.MatrixSelector negative = (Expr.MatrixSelector) parse("a[5s-10s]");
        assertThatThrownBy(negative::rangeMillis).hasMessageContaining("duration must be greater than 0");
    }

    @Test
    void parseSelector_isOneSelector() {
        assertThat(Parser.parseSelector("up{job=\"a\"}")).hasSize(2);
        assertThat(Parser.parseSelector("{job=~\".*\"}")).hasSize(1);
        assertThatThrownBy(() -> Parser.parseSelector("sum(up)")).isInstanceOf(ParseException.class);
        assertThatThrownBy(() -> Parser.parseSelector("up[5m]")).isInstanceOf(ParseException.class);
        assertThatThrownBy(() -> Parser.parseSelector("")).hasMessage("1:1: parse error: unexpected end of input");
    }
}
