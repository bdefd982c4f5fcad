package io.auspex.tenancy.control;

/** Text as PostgreSQL can hold it: its type {@code text} knows no NUL. */
public final class StoredText {
    private StoredText() {}

    public static String of(String text) {
        return text.replace('\0', '\ufffd');
    }

    /** The beginning of a text that may be too long to be kept. */
    public static String of(String text, int mostCharacters) {
        return of(text.substring(0, Math.min(text.length(), mostCharacters)));
    }
}
