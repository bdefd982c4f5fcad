package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.ingest.RelabelRule.Action;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RelabelRuleTest {
    /** A rule while it is written down; what is not said has the reference's default. */
    private record Rule(
            Action action, String sources, String separator, String regex, long modulus, String target, String to) {
        static Rule of(Action action) {
            return new Rule(action, "", RelabelRule.SEPARATOR, RelabelRule.REGEX, 0, "", RelabelRule.REPLACEMENT);
        }

        Rule from(String comma) {
            return new Rule(action, comma, separator, regex, modulus, target, to);
        }

        Rule between(String text) {
            return new Rule(action, sources, text, regex, modulus, target, to);
        }

        Rule regex(String text) {
            return new Rule(action, sources, separator, text, modulus, target, to);
        }

        Rule modulus(long number) {
            return new Rule(action, sources, separator, regex, number, target, to);
        }

        Rule target(String label) {
            return new Rule(action, sources, separator, regex, modulus, label, to);
        }

        Rule to(String text) {
            return new Rule(action, sources, separator, regex, modulus, target, text);
        }

        RelabelRule rule() {
            List<String> names = sources.isEmpty() ? List.of() : List.of(sources.split(","));
            return RelabelRule.of(new RelabelRule.Settings(action, names, separator, regex, modulus, target, to));
        }
    }

    private static final Labels SHOP =
            Labels.of("__name__", "orders", "city", "Bern", "host", "web-3.example:9100", "lane", "b");

    private static Optional<Labels> apply(Labels labels, Rule... rules) {
        List<RelabelRule> made = new ArrayList<>();
        for (Rule rule : rules) {
            made.add(rule.rule());
        }
        return new RelabelRules(made).apply(labels);
    }

    private static String value(String label, Rule... rules) {
        return apply(SHOP, rules).orElseThrow().get(label);
    }

    private static Rule replace() {
        return Rule.of(Action.REPLACE);
    }

    @Test
    void replace_expandsGroupsAsGoDoes() {
        Rule host = replace()
                .from("host")
                .regex("(?P<kind>[a-z]+)-(\\d+)\\.(.*):\\d+")
                .target("out");

        assertThat(value("out", host)).isEqualTo("web");
        assertThat(value("out", host.to("$2-$kind"))).isEqualTo("3-web");
        assertThat(value("out", host.to("${kind}x${2}y"))).isEqualTo("webx3y");
        assertThat(value("out", host.to("$2x")))
                .as("the name is as long as it can be: 2x")
                .isEmpty();
        assertThat(value("out", host.to("[$9${none}$02]"))).isEqualTo("[]");
        assertThat(value("out", host.to("$$2 $ ${ ${} ${2"))).isEqualTo("$2 $ ${ ${} ${2");
        assertThat(value("web_3", host.target("${1}_$2").to("here"))).isEqualTo("here");
    }

    @Test
    void replace_matchesTheWholeValueAndNewLines() {
        assertThat(value("out", replace().from("city").regex("er").target("out").to("x")))
                .isEmpty();
        assertThat(value(
                        "out",
                        replace().from("city").regex("X|Bern").target("out").to("x")))
                .isEqualTo("x");
        assertThat(apply(
                                Labels.of("a", "1\n2"),
                                replace().from("a").regex("(.*)").target("b"))
                        .orElseThrow())
                .isEqualTo(Labels.of("a", "1\n2", "b", "1\n2"));
    }

    @Test
    void replace_joinsItsSources() {
        Rule joined = replace().from("city,lane,none").target("out");

        assertThat(value("out", joined)).isEqualTo("Bern;b;");
        assertThat(value("out", joined.between("/"))).isEqualTo("Bern/b/");
        assertThat(value("out", joined.between(""))).isEqualTo("Bernb");
    }

    @Test
    void replace_withNothing_removesTheLabel() {
        assertThat(apply(SHOP, replace().from("none").target("city"))
                        .orElseThrow()
                        .find("city"))
                .isNull();
        assertThat(apply(SHOP, replace().target("city").to("")).orElseThrow().find("city"))
                .isNull();
        assertThat(value("city", replace().target("city").to("Chur")))
                .as("no source at all")
                .isEqualTo("Chur");
        assertThat(apply(
                        SHOP,
                        replace().from("city").regex("(x)?Bern").target("$1").to("y")))
                .as("a target without a name changes nothing")
                .contains(SHOP);
    }

    @Test
    void keepAndDrop_judgeTheWholeValue() {
        assertThat(apply(SHOP, Rule.of(Action.KEEP).from("city").regex("Be.*"))).contains(SHOP);
        assertThat(apply(SHOP, Rule.of(Action.KEEP).from("city").regex("Be"))).isEmpty();
        assertThat(apply(SHOP, Rule.of(Action.DROP).from("city").regex("Be"))).contains(SHOP);
        assertThat(apply(SHOP, Rule.of(Action.DROP).from("city,lane").regex("Bern;b")))
                .isEmpty();
    }

    @Test
    void equalActions_compareLabels() {
        Labels same = Labels.of("a", "1", "b", "1", "c", "2");

        assertThat(apply(same, Rule.of(Action.KEEPEQUAL).from("a").target("b"))).contains(same);
        assertThat(apply(same, Rule.of(Action.KEEPEQUAL).from("a").target("c"))).isEmpty();
        assertThat(apply(same, Rule.of(Action.DROPEQUAL).from("a").target("b"))).isEmpty();
        assertThat(apply(same, Rule.of(Action.DROPEQUAL).from("a").target("c"))).contains(same);
    }

    @Test
    void hashmod_isTheReferencesHash() {
        // MD5 of "baz" ends in the bytes of which 976 is the rest
        assertThat(apply(
                        Labels.of("c", "baz"),
                        Rule.of(Action.HASHMOD).from("c").target("d").modulus(1_000)))
                .contains(Labels.of("c", "baz", "d", "976"));
        assertThat(apply(
                                Labels.of("c", "x\ny"),
                                Rule.of(Action.HASHMOD).from("c").target("d").modulus(-1))
                        .orElseThrow()
                        .get("d"))
                .as("an unsigned modulus")
                .matches("\\d{1,20}");
    }

    @Test
    void nameActions_lookAtAllLabels() {
        Labels meta = Labels.of("__meta_pod", "p", "__meta_zone", "z", "job", "j");

        assertThat(apply(meta, Rule.of(Action.LABELMAP).regex("__meta_(.+)")))
                .contains(Labels.of("__meta_pod", "p", "__meta_zone", "z", "job", "j", "pod", "p", "zone", "z"));
        assertThat(apply(meta, Rule.of(Action.LABELMAP).regex("__meta_.*").to("one"))
                        .orElseThrow()
                        .get("one"))
                .as("the last by name")
                .isEqualTo("z");
        assertThat(apply(meta, Rule.of(Action.LABELDROP).regex("__meta_.+"))).contains(Labels.of("job", "j"));
        assertThat(apply(meta, Rule.of(Action.LABELKEEP).regex("job|x"))).contains(Labels.of("job", "j"));
        assertThat(apply(meta, Rule.of(Action.LABELKEEP).regex("none")))
                .as("nothing is left")
                .isEmpty();
    }

    @Test
    void caseActions_changeTheCase() {
        assertThat(value("out", Rule.of(Action.LOWERCASE).from("city").target("out")))
                .isEqualTo("bern");
        assertThat(value("out", Rule.of(Action.UPPERCASE).from("city,lane").target("out")))
                .isEqualTo("BERN;B");
    }

    @Test
    void rules_seeWhatThoseBeforeThemDid() {
        assertThat(apply(
                        SHOP,
                        replace().from("city").target("__tmp"),
                        Rule.of(Action.LABELDROP).regex("city|host|lane"),
                        replace().from("__tmp").target("town"),
                        Rule.of(Action.LABELDROP).regex("__tmp")))
                .contains(Labels.of("__name__", "orders", "town", "Bern"));
    }

    @Test
    void contradictions_areRefusedInTheReferencesWords() {
        refused(replace(), "relabel configuration for replace action requires 'target_label' value");
        refused(Rule.of(Action.KEEPEQUAL).from("a"), "keepequal action requires 'target_label' value");
        refused(Rule.of(Action.HASHMOD).target("a"), "hashmod requires non-zero modulus");
        refused(Rule.of(Action.LOWERCASE).target("a").to("b"), "'replacement' can not be set for lowercase action");
        refused(Rule.of(Action.LABELDROP).from("a"), "labeldrop action requires only 'regex', and no other fields");
        refused(
                Rule.of(Action.DROPEQUAL).from("a").target("b").regex("c"),
                "dropequal action requires only 'source_labels' and 'target_label', and no other fields");
        refused(Rule.of(Action.LABELMAP).to(""), "is invalid 'replacement' for labelmap action");
        refused(Rule.of(Action.KEEP).regex("a("), "error parsing regexp");
    }

    private static void refused(Rule rule, String why) {
        assertThatThrownBy(rule::rule)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
