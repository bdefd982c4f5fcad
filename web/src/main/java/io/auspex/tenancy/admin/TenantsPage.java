package io.auspex.tenancy.admin;

import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.ListPage;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.boundary.Tenants;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The tenants of the installation, and making a new one. */
@Named
@RequestScoped
public class TenantsPage extends ListPage<TenantRow> {
    @Inject
    Tenants tenants;

    private String name = "";
    private String slug = "";

    @Override
    protected Page<TenantRow> read(PageRequest part) {
        return tenants.list(part).map(TenantRow::new);
    }

    public void create() {
        change(() -> {
            Tenant created = tenants.create(slug, name);
            Texts.done("tenants.done.created", created.name());
            name = "";
            slug = "";
        });
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
