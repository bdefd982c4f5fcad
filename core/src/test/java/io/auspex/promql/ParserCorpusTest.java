package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The accept and reject cases of the reference's parser tests, from {@code promqltest/parser-cases.jsonl} below
 * the folder that the system property {@code auspex.corpora} names.
 */
@EnabledIf("corpusIsHere")
final class ParserCorpusTest {
    private static final Pattern CASE = Pattern.compile(
            "\\{\"input\": \"((?:[^\"\\\\]|\\\\.)*)\", \"fail\": (true|false), \"error_contains\": \"((?:[^\"\\\\]|\\\\.)*)\"}");

    /**
     * Inputs that the corpus holds only in part, because the reference's test composes them: by line, whole.
     * A character that is no UTF-8 stands for the byte ff.
     */
    private static final Map<Integer, String> COMPOSED = Map.of(
            123, "{'foo\\'bar', `a\\dos\\path`=\"boo\"}",
            141, "some_metric{a=\"\uFFFD\"}",
            235, "label_replace(a, `b`, `c\uFFFD`, `d`, `.*`)",
            241, "(" + "-{}-1".repeat(10_000) + ")" + "[1m:]".repeat(1_000),
            249, "`\\a\\b\\f\\n\\r\\t\\v\\\\\\\" - \\xFF\\377\\u1234\\U00010111\\U0001011111☺`");

    @Test
    void parse_acceptsAndRejectsLikeTheReference() throws IOException {
        List<String> lines = Files.readAllLines(corpus());
        List<String> different = new ArrayList<>();
        int rejected = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = CASE.matcher(lines.get(i));
            assertThat(line.matches()).as(lines.get(i)).isTrue();
            String input = COMPOSED.getOrDefault(i + 1, unescape(line.group(1)));
            boolean mustFail = line.group(2).equals("true");
            String outcome = outcome(input);
            if (outcome.isEmpty() == mustFail || !outcome.contains(unescape(line.group(3)))) {
                different.add((i + 1) + ": " + lines.get(i) + " -> " + outcome);
            }
            rejected += outcome.isEmpty() ? 0 : 1;
        }

        assertThat(different).isEmpty();
        assertThat(lines).hasSize(312);
        assertThat(rejected).isEqualTo(135);
    }

    static boolean corpusIsHere() {
        return Files.exists(corpus());
    }

    private static Path corpus() {
        return Path.of(System.getProperty("auspex.corpora", ""), "promqltest", "parser-cases.jsonl");
    }

    private static String outcome(String query) {
        try {
            Parser.parse(query, Dialect.EXTENDED);
            return "";
        } catch (ParseException e) {
            return e.detail();
        }
    }

    private static String unescape(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = json.charAt(++i);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }
}
