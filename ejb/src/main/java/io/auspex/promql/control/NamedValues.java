package io.auspex.promql.control;

import io.auspex.platform.GoQuote;
import io.auspex.series.ErasedSeries;
import io.auspex.tenancy.control.StoredText;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds expressions that name label values, as values stand in them and as they stand in quotes. */
final class NamedValues {
    /** Characters of an expression that are kept. */
    static final int MAX_TEXT = 4_000;

    private NamedValues() {}

    /** An expression as it is kept. */
    static String kept(String text) {
        return StoredText.of(text, MAX_TEXT);
    }

    /**
     * Forgets rows of which a column names a value that is erased, or ends in the beginning of one where it was cut
     * short.
     */
    static void erase(PreparedStatement delete, ErasedSeries erased) throws SQLException {
        Set<String> forms = new LinkedHashSet<>();
        for (String value : erased.values()) {
            if (!value.isEmpty()) {
                String quoted = GoQuote.string(value);
                forms.add(StoredText.of(value));
                forms.add(StoredText.of(quoted.substring(1, quoted.length() - 1)));
            }
        }
        delete.setArray(1, delete.getConnection().createArrayOf("text", forms.toArray()));
        delete.executeUpdate();
    }

    /** The statement for {@link #erase}. */
    static String deletion(String table, String... columns) {
        StringBuilder sql = new StringBuilder("delete from ")
                .append(table)
                .append(" as t using unnest(?::text[]) as u (value) where false");
        for (String column : columns) {
            String text = "t." + column;
            // PostgreSQL counts characters that are two of ours as one
            sql.append(" or strpos(" + text + ", u.value) > 0 or (char_length(" + text + ") >= " + MAX_TEXT / 2
                    + " and exists (select from generate_series(1, least(char_length(u.value), char_length(" + text
                    + "))) as n where right(" + text + ", n) = left(u.value, n)))");
        }
        return sql.toString();
    }
}
