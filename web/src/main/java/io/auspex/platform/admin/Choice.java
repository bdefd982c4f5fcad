package io.auspex.platform.admin;

/** One thing to choose in a form. */
public final class Choice {
    private final String value;
    private final String label;

    public Choice(String value, String label) {
        this.value = value;
        this.label = label;
    }

    public String getValue() {
        return value;
    }

    public String getLabel() {
        return label;
    }
}
