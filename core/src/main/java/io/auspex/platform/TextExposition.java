package io.auspex.platform;

/**
 * Writes metrics in the text formats of Prometheus (0.0.4) and OpenMetrics (1.0.0).
 *
 * <p>In OpenMetrics a counter family's name lacks the {@code _total} of its samples, and the text ends with
 * {@code # EOF}.
 */
public final class TextExposition implements Meters.Sink {
    public static final String PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    public static final String OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final StringBuilder text = new StringBuilder(16_384);
    private final boolean openMetrics;
    private String family = "";

    private TextExposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    public static String prometheus(Meters meters) {
        TextExposition writer = new TextExposition(false);
        meters.expose(writer);
        return writer.text.toString();
    }

    public static String openMetrics(Meters meters) {
        TextExposition writer = new TextExposition(true);
        meters.expose(writer);
        return writer.text.append("# EOF\n").toString();
    }

    @Override
    public void family(String name, MeterType type, String help) {
        family = name;
        String declared = openMetrics && type == MeterType.COUNTER && name.endsWith("_total")
                ? name.substring(0, name.length() - "_total".length())
                : name;
        text.append("# HELP ").append(declared).append(' ');
        escape(help, openMetrics);
        text.append("\n# TYPE ")
                .append(declared)
                .append(' ')
                .append(type.wireName())
                .append('\n');
    }

    @Override
    public void sample(String suffix, String[] labels, double value) {
        text.append(family).append(suffix);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1], true);
            text.append('"');
        }
        text.append(labels.length > 0 ? "} " : " ")
                .append(MeterFamily.format(value))
                .append('\n');
    }

    private void escape(String raw, boolean quotes) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quotes ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }
}
