package io.auspex.promql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** {@code label_replace} and {@code label_join}: they change labels once per series and never look at samples. */
final class LabelFunctions {
    private LabelFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.vector("label_replace", LabelFunctions::replace);
        builder.vector("label_join", LabelFunctions::join);
    }

    private static List<SeriesColumn> replace(FunctionCall call) {
        String target = call.string(1);
        String replacement = call.string(2);
        String source = call.string(3);
        String expression = call.string(4);
        Pattern pattern;
        try {
            pattern = Pattern.compile("^(?s:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            throw QueryException.execution("invalid regular expression in label_replace(): " + expression);
        }
        requireName(target, "invalid destination label name in label_replace(): ");
        List<SeriesColumn> columns = call.vector(0);
        for (SeriesColumn column : columns) {
            call.evaluator().run().check();
            Matcher matcher = pattern.matcher(column.labels().get(source));
            if (matcher.matches()) {
                relabel(column, target, expand(replacement, matcher));
            }
        }
        return MetricLabels.mergeAlike(columns);
    }

    private static List<SeriesColumn> join(FunctionCall call) {
        String target = call.string(1);
        String separator = call.string(2);
        List<String> sources = new ArrayList<>();
        for (int i = 3; i < call.argumentCount(); i++) {
            String source = call.string(i);
            requireName(source, "invalid source label name in label_join(): ");
            sources.add(source);
        }
        requireName(target, "invalid destination label name in label_join(): ");
        List<SeriesColumn> columns = call.vector(0);
        for (SeriesColumn column : columns) {
            call.evaluator().run().check();
            StringJoiner joined = new StringJoiner(separator);
            sources.forEach(source -> joined.add(column.labels().get(source)));
            relabel(column, target, joined.toString());
        }
        return MetricLabels.mergeAlike(columns);
    }

    /** A name given explicitly stays, even where the metric's own would have fallen away. */
    private static void relabel(SeriesColumn column, String target, String value) {
        column.relabel(column.labels().with(target, value));
        if (target.equals(Labels.METRIC_NAME)) {
            column.dropName(false);
        }
    }

    private static void requireName(String name, String otherwise) {
        if (!MetricLabels.isValidName(name)) {
            throw QueryException.execution(otherwise + name);
        }
    }

    /**
     * The replacement with {@code $1}, {@code $name}, {@code ${1}} and {@code ${name}} filled in. A name is as
     * long as it can be; what does not exist is empty; {@code $$} is a dollar sign.
     */
    static String expand(String template, Matcher matcher) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            char c = template.charAt(i);
            if (c != '$') {
                text.append(c);
                i++;
                continue;
            }
            if (template.startsWith("$$", i)) {
                text.append('$');
                i += 2;
                continue;
            }
            boolean braces = template.startsWith("${", i);
            int start = i + (braces ? 2 : 1);
            int end = start;
            while (end < template.length() && isWord(template.charAt(end))) {
                end++;
            }
            boolean wellFormed = end > start && (!braces || (end < template.length() && template.charAt(end) == '}'));
            if (!wellFormed) {
                text.append('$');
                i++;
                continue;
            }
            text.append(group(matcher, template.substring(start, end)));
            i = end + (braces ? 1 : 0);
        }
        return text.toString();
    }

    private static String group(Matcher matcher, String name) {
        String found = null;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int index = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
            found = index <= matcher.groupCount() ? matcher.group(index) : null;
        } else if (matcher.pattern().namedGroups().containsKey(name)) {
            found = matcher.group(name);
        }
        return found == null ? "" : found;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
