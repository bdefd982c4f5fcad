package io.auspex.promql;

import com.google.re2j.Pattern;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code info}: adds the labels of info metrics, as {@code target_info}, to series of the same job and
 * instance.
 */
final class InfoFunction {
    private static final String DEFAULT_METRIC = "target_info";
    private static final Set<String> IDENTIFYING = Set.of("instance", "job");
    private static final int NONE = -1;

    /** Choosing labels costs far more than looking at a sample. */
    private static final int WORK_PER_STEP = 20;

    private final FunctionCall call;
    private final List<Matcher> nameMatchers = new ArrayList<>();
    private final List<Matcher> dataMatchers = new ArrayList<>();
    private final Set<String> dataNames = new LinkedHashSet<>();
    private List<SeriesColumn> infos = List.of();
    /** For each metric and identity, which info series counts at each step. */
    private final Map<Labels, int[]> newest = new LinkedHashMap<>();

    private final Set<String> metrics = new TreeSet<>();
    private final Map<Output, SeriesColumn> outputs = new LinkedHashMap<>();

    /** What tells the columns of the result apart. */
    private record Output(Labels labels, boolean dropName) {}

    private InfoFunction(FunctionCall call) {
        this.call = call;
    }

    static void register(FunctionRegistry.Builder builder) {
        builder.vector("info", call -> new InfoFunction(call).evaluate());
    }

    private List<SeriesColumn> evaluate() {
        List<SeriesColumn> base = call.vector(0);
        readSelector();
        List<SeriesColumn> plain = new ArrayList<>();
        List<SeriesColumn> enriched = new ArrayList<>();
        for (SeriesColumn column : base) {
            (isInfo(column.labels()) ? plain : enriched).add(column);
        }
        infos = select(enriched);
        for (int i = 0; i < infos.size(); i++) {
            compete(i);
        }
        for (SeriesColumn column : plain) {
            put(column, column.labels());
        }
        for (SeriesColumn column : enriched) {
            call.evaluator().run().check();
            enrich(column);
        }
        return new ArrayList<>(outputs.values());
    }

    private void readSelector() {
        if (call.argumentCount() > 1 && call.argument(1) instanceof Expr.VectorSelector selector) {
            for (Matcher matcher : selector.matchers()) {
                if (matcher.name().equals(Labels.METRIC_NAME)) {
                    nameMatchers.add(matcher);
                } else {
                    dataMatchers.add(matcher);
                    dataNames.add(matcher.name());
                }
            }
        }
        if (call.argumentCount() < 2) {
            nameMatchers.add(Matcher.equal(Labels.METRIC_NAME, DEFAULT_METRIC));
        }
    }

    /** Whether a series of the first argument is an info metric itself. */
    private boolean isInfo(Labels labels) {
        return !nameMatchers.isEmpty() && nameMatchers.stream().allMatch(matcher -> matcher.matches(labels.metric()));
    }

    /** Info series that may belong to the given ones; each value is the time of the sample. */
    private List<SeriesColumn> select(List<SeriesColumn> columns) {
        Map<String, Set<String>> identities = new TreeMap<>();
        for (SeriesColumn column : columns) {
            for (String name : IDENTIFYING) {
                String value = column.labels().get(name);
                if (!value.isEmpty()) {
                    identities.computeIfAbsent(name, unused -> new TreeSet<>()).add(Pattern.quote(value));
                }
            }
        }
        if (identities.isEmpty()) {
            return List.of();
        }
        List<Matcher> matchers = new ArrayList<>(dataMatchers);
        if (nameMatchers.isEmpty()) {
            matchers.add(Matcher.equal(Labels.METRIC_NAME, DEFAULT_METRIC));
        }
        matchers.addAll(nameMatchers);
        identities.forEach(
                (name, values) -> matchers.add(new Matcher(Matcher.Type.REGEX, name, String.join("|", values))));
        Expr.VectorSelector selector = new Expr.VectorSelector(call.position(0), "", matchers, DurationExpr.ZERO, null);
        return new Selector(call.evaluator().run(), call.steps()).timestamps(selector);
    }

    private static Labels identity(String metric, Labels labels) {
        return labels.keep(IDENTIFYING).with(Labels.METRIC_NAME, metric);
    }

    /** Of several info series with one identity the newest sample counts. */
    private void compete(int index) {
        SeriesColumn column = infos.get(index);
        String metric = column.labels().metric();
        metrics.add(metric);
        int[] best = newest.computeIfAbsent(identity(metric, column.labels()), unused -> {
            int[] none = new int[call.steps().count()];
            Arrays.fill(none, NONE);
            return none;
        });
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            if (best[step] == NONE) {
                best[step] = index;
                continue;
            }
            SeriesColumn rival = infos.get(best[step]);
            if (rival.value(step) == column.value(step)) {
                long time = Math.round(column.value(step) * 1000);
                throw QueryException.execution("found duplicate series for info metric: existing " + rival.labels()
                        + " @ " + time + ", new " + column.labels() + " @ " + time);
            }
            if (rival.value(step) < column.value(step)) {
                best[step] = index;
            }
        }
    }

    private void enrich(SeriesColumn column) {
        List<int[]> candidates = new ArrayList<>();
        for (String metric : metrics) {
            int[] best = newest.get(identity(metric, column.labels()));
            if (best != null) {
                candidates.add(best);
            }
        }
        Map<List<Integer>, Labels> byChoice = new LinkedHashMap<>();
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            call.evaluator().run().work(WORK_PER_STEP);
            List<Integer> choice = new ArrayList<>(candidates.size());
            for (int[] best : candidates) {
                if (best[step] != NONE) {
                    choice.add(best[step]);
                }
            }
            if (choice.isEmpty() && !dataMatchers.stream().allMatch(Matcher::matchesEmpty)) {
                continue;
            }
            Labels labels = byChoice.computeIfAbsent(choice, chosen -> enriched(column.labels(), chosen));
            put(column, step, labels);
        }
    }

    private Labels enriched(Labels base, List<Integer> chosen) {
        Map<String, String> added = new TreeMap<>();
        for (int index : chosen) {
            infos.get(index).labels().forEach((name, value) -> {
                if (name.equals(Labels.METRIC_NAME) || (!dataNames.isEmpty() && !dataNames.contains(name))) {
                    return;
                }
                String other = added.get(name);
                if (other != null && !other.equals(value)) {
                    throw QueryException.execution("conflicting label: " + name);
                }
                if (base.find(name) == null) {
                    added.put(name, value);
                }
            });
        }
        added.putAll(base.toMap());
        return Labels.of(added);
    }

    private void put(SeriesColumn column, Labels labels) {
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            put(column, step, labels);
        }
    }

    private void put(SeriesColumn column, int step, Labels labels) {
        Output key = new Output(labels, column.dropName());
        SeriesColumn output = outputs.get(key);
        if (output == null) {
            output = call.column(labels);
            output.dropName(column.dropName());
            outputs.put(key, output);
        }
        if (output.isPresent(step)) {
            throw QueryException.duplicateLabels();
        }
        output.copy(column, step, step);
    }
}
