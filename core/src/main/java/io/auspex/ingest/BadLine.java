package io.auspex.ingest;

/** Why a line of a text is refused; never leaves the package. */
final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;

    BadLine(String text) {
        super(text, null, false, false);
        this.text = text;
    }

    String text() {
        return text;
    }
}
