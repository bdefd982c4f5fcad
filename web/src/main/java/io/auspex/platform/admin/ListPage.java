package io.auspex.platform.admin;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the portal that shows a list part by part: the part is read once a request, after what the request changes.
 *
 * @param <R> a row as the page shows it
 */
public abstract class ListPage<R> {
    private String cursor = "";
    private @Nullable Page<R> page;

    /** Reads a part of the list. */
    protected abstract Page<R> read(PageRequest part);

    /** Most rows shown at once. */
    protected int limit() {
        return Page.DEFAULT_LIMIT;
    }

    /** Does something to the list, which is read anew then; a refusal is shown at the top of the page. */
    protected void change(Runnable action) {
        try {
            action.run();
        } catch (AuspexException e) {
            Texts.refused(e);
        }
        page = null;
    }

    public List<R> getRows() {
        return page().items();
    }

    /** Cursor of the following part, empty in the last one. */
    public String getNext() {
        return page().next();
    }

    public String getCursor() {
        return cursor;
    }

    public void setCursor(@Nullable String cursor) {
        this.cursor = cursor == null ? "" : cursor;
    }

    private Page<R> page() {
        Page<R> known = page;
        if (known == null) {
            known = read(new PageRequest(cursor, limit()));
            page = known;
        }
        return known;
    }
}
