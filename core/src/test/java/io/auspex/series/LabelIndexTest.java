package io.auspex.series;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

final class LabelIndexTest {
    private static final String[] NAMES = {"__name__", "job", "instance", "code", "path"};
    private static final String[] PATTERNS = {"", ".*", ".+", "a.*", "a|b1", "[ab]\\d", ".*1", "1", "()", "b.*2"};

    @Test
    void match_equalsTestingEachSeries_whateverTheMatchers() {
        forAll(random -> {
            LabelIndex index = new LabelIndex();
            Map<Integer, Labels> model = fill(index, random);
            if (random.nextBoolean()) {
                index.compact();
            }

            for (int i = 0; i < 20; i++) {
                List<Matcher> matchers = matchers(random);
                assertThat(index.match(matchers).toArray())
                        .as("%s", matchers)
                        .containsExactly(model.entrySet().stream()
                                .filter(series -> matchers.stream()
                                        .allMatch(matcher -> matcher.matches(
                                                series.getValue().get(matcher.name()))))
                                .mapToInt(Map.Entry::getKey)
                                .toArray());
            }
        });
    }

    @Test
    void labels_namesAndValues_followAdditionAndRemoval() {
        forAll(random -> {
            LabelIndex index = new LabelIndex();
            Map<Integer, Labels> model = fill(index, random);
            RoaringBitmap some = new RoaringBitmap();
            model.keySet().stream().filter(ref -> random.nextInt(3) == 0).forEach(some::add);

            assertThat(index.size()).isEqualTo(model.size());
            model.forEach((ref, labels) -> assertThat(index.labels(ref)).isEqualTo(labels));
            assertThat(index.labels(1 << 30)).isNull();
            assertThat(index.labelNames()).isEqualTo(names(model.values()));
            List<Labels> chosen = model.entrySet().stream()
                    .filter(series -> some.contains(series.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(index.labelNames(some)).isEqualTo(names(chosen));
            for (String name : NAMES) {
                assertThat(index.labelValues(name)).isEqualTo(values(name, model.values()));
                assertThat(index.labelValues(name, some)).isEqualTo(values(name, chosen));
                assertThat(index.cardinality(name, "a1")).isEqualTo((int) model.values().stream()
                        .filter(labels -> labels.get(name).equals("a1"))
                        .count());
            }
        });
    }

    private static TreeSet<String> names(Iterable<Labels> series) {
        TreeSet<String> names = new TreeSet<>();
        series.forEach(labels -> names.addAll(labels.toMap().keySet()));
        return names;
    }

    private static TreeSet<String> values(String name, Iterable<Labels> series) {
        TreeSet<String> values = new TreeSet<>();
        series.forEach(labels -> values.add(labels.get(name)));
        values.remove("");
        return values;
    }

    private static Map<Integer, Labels> fill(LabelIndex index, RandomGenerator random) {
        Map<Integer, Labels> model = new TreeMap<>();
        int stride = 1 << random.nextInt(9);
        for (int i = 0, count = random.nextInt(400); i < count; i++) {
            Map<String, String> labels = new TreeMap<>();
            for (String name : NAMES) {
                if (random.nextInt(4) > 0) {
                    int values = name.equals("path") ? 300 : 4;
                    labels.put(name, (random.nextBoolean() ? "a" : "b") + random.nextInt(values));
                }
            }
            index.add(i * stride, Labels.of(labels));
            model.put(i * stride, Labels.of(labels));
            if (random.nextInt(3) == 0) {
                int gone = random.nextInt(i + 1) * stride;
                index.remove(gone);
                model.remove(gone);
            }
        }
        return model;
    }

    private static List<Matcher> matchers(RandomGenerator random) {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Matcher.Type type = Matcher.Type.values()[random.nextInt(4)];
            boolean regex = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
            String value = regex
                    ? PATTERNS[random.nextInt(PATTERNS.length)]
                    : random.nextInt(4) == 0 ? "" : "a" + random.nextInt(4);
            matchers.add(new Matcher(type, random.nextInt(9) == 0 ? "absent" : NAMES[random.nextInt(5)], value));
        }
        return matchers;
    }

    @Test
    void add_isRefused_whenTheRefIsThere() {
        LabelIndex index = new LabelIndex();
        index.add(3, Labels.of("a", "b"));

        assertThatThrownBy(() -> index.add(3, Labels.EMPTY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void match_isAll_whenThereAreNoMatchers() {
        LabelIndex index = new LabelIndex();
        index.add(3, Labels.EMPTY);
        RoaringBitmap found = index.match(List.of());
        found.add(4);

        assertThat(index.match(List.of()).toArray()).containsExactly(3);
    }

    @Test
    void bytes_staySmall_forTheUsualMixture() {
        LabelIndex index = new LabelIndex();
        int series = 20_000;
        for (int i = 0; i < series; i++) {
            index.add(i, Labels.of(usual(i)));
        }

        assertThat(index.bytes() / series).isLessThan(110);
    }

    /** Nine labels, one of them of high cardinality. */
    private static Map<String, String> usual(int i) {
        return List.of("__name__", "job", "instance", "cluster", "env", "region", "code", "method", "pod").stream()
                .collect(Collectors.toMap(name -> name, name -> switch (name) {
                    case "__name__" -> "metric_name_" + i % 200 + "_total";
                    case "instance" -> "host-" + i / 500 + ":9100";
                    case "pod" -> "pod-" + i / 20;
                    case "code" -> Integer.toString(200 + i % 5);
                    default -> name + i % 3;
                }));
    }

    @Test
    void find_givesTheRef_inAnyOrderAndAfterRemoval() {
        forAll(random -> {
            SeriesMap map = new SeriesMap();
            TreeMap<Integer, long[]> model = new TreeMap<>();
            for (int i = 0, count = random.nextInt(500); i < count; i++) {
                long[] key = {random.nextLong(), random.nextInt(8) == 0 ? random.nextInt(4) : random.nextLong()};
                assertThat(map.putIfAbsent(key[0], key[1], i)).isEqualTo(i);
                assertThat(map.putIfAbsent(key[0], key[1], -7)).isEqualTo(i);
                model.put(i, key);
                if (random.nextInt(3) == 0) {
                    Map.Entry<Integer, long[]> gone = model.floorEntry(random.nextInt(i + 1));
                    if (gone != null) {
                        map.remove(gone.getValue()[0], gone.getValue()[1]);
                        model.remove(gone.getKey());
                        assertThat(map.find(gone.getValue()[0], gone.getValue()[1]))
                                .isEqualTo(-1);
                    }
                }
            }
            assertThat(map.size()).isEqualTo(model.size());
            for (int pass = 0; pass < 3; pass++) {
                int[] wanted =
                        model.keySet().stream().mapToInt(Integer::intValue).toArray();
                for (int i = 0; i < wanted.length && pass == 2; i++) {
                    int other = random.nextInt(wanted.length);
                    int swap = wanted[i];
                    wanted[i] = wanted[other];
                    wanted[other] = swap;
                }
                long[] high = new long[wanted.length + 1];
                long[] low = new long[wanted.length + 1];
                for (int i = 0; i < wanted.length; i++) {
                    high[i] = model.get(wanted[i])[0];
                    low[i] = model.get(wanted[i])[1];
                }
                int[] refs = new int[wanted.length + 1];
                map.find(high, low, 0, refs.length, refs);
                for (int i = 0; i < wanted.length; i++) {
                    assertThat(refs[i]).isEqualTo(wanted[i]);
                }
                assertThat(refs[wanted.length]).isEqualTo(-1);
            }
        });
    }
}
