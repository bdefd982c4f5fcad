package io.auspex.identity.admin;

import io.auspex.identity.boundary.Users;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of the caller's tenant; for platform administrators with a reason, those of any. */
@Named
@RequestScoped
public class UsersPage {
    @Inject
    Users users;

    @Inject
    CurrentTenant current;

    private int tenant;
    private String reason = "";
    private String cursor = "";
    private @Nullable Page<UserRow> page;

    public List<UserRow> getUsers() {
        return page().items();
    }

    /** Cursor of the following page, empty on the last one. */
    public String getNext() {
        return page().next();
    }

    public boolean isForeign() {
        return choice().foreign();
    }

    public String getForeignLead() {
        return Texts.text("users.foreignLead", String.valueOf(tenant));
    }

    public boolean isReasonNeeded() {
        return choice().reasonNeeded();
    }

    /** What addresses of other pages carry on: the chosen tenant and the reason. */
    public String getContext() {
        return choice().parameters();
    }

    private Page<UserRow> page() {
        Page<UserRow> read = page;
        if (read == null) {
            TenantChoice choice = choice();
            choice.explain();
            read = users.list(choice.number(), new PageRequest(cursor, Page.DEFAULT_LIMIT))
                    .map(UserRow::new);
            page = read;
        }
        return read;
    }

    private TenantChoice choice() {
        return new TenantChoice(tenant, reason, current.id());
    }

    public int getTenant() {
        return tenant;
    }

    public void setTenant(int tenant) {
        this.tenant = tenant;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason;
    }

    public String getCursor() {
        return cursor;
    }

    public void setCursor(@Nullable String cursor) {
        this.cursor = cursor == null ? "" : cursor;
    }
}
