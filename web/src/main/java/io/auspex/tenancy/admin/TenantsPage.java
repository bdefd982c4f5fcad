package io.auspex.tenancy.admin;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.boundary.Tenants;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tenants of the installation, and making a new one. */
@Named
@RequestScoped
public class TenantsPage {
    @Inject
    Tenants tenants;

    private String cursor = "";
    private String name = "";
    private String slug = "";
    private @Nullable Page<TenantRow> page;

    public void create() {
        try {
            Tenant created = tenants.create(slug, name);
            Texts.done("tenants.done.created", created.name());
            name = "";
            slug = "";
            page = null;
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    public List<TenantRow> getTenants() {
        return page().items();
    }

    /** Cursor of the following page, empty on the last one. */
    public String getNext() {
        return page().next();
    }

    private Page<TenantRow> page() {
        Page<TenantRow> read = page;
        if (read == null) {
            read = tenants.list(new PageRequest(cursor, Page.DEFAULT_LIMIT)).map(TenantRow::new);
            page = read;
        }
        return read;
    }

    public String getCursor() {
        return cursor;
    }

    public void setCursor(@Nullable String cursor) {
        this.cursor = cursor == null ? "" : cursor;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getSlug() {
        return slug;
    }

    public void setSlug(String slug) {
        this.slug = slug;
    }
}
