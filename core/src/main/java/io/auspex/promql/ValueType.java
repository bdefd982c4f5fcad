package io.auspex.promql;

/** The type of an expression's value. */
public enum ValueType {
    SCALAR("scalar", "scalar"),
    VECTOR("vector", "instant vector"),
    MATRIX("matrix", "range vector"),
    STRING("string", "string");

    private final String wireName;
    private final String documented;

    ValueType(String wireName, String documented) {
        this.wireName = wireName;
        this.documented = documented;
    }

    /** The name in the HTTP API. */
    public String wireName() {
        return wireName;
    }

    /** The name in documentation and in errors of the type checker. */
    public String documented() {
        return documented;
    }
}
