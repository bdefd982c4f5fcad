package io.auspex.tenancy.admin;

import io.auspex.platform.AuspexException;
import io.auspex.platform.RequestContext;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.Tenants;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One tenant: renaming, suspending and resuming it. Another's tenant is shown to those only who say why. */
@Named
@RequestScoped
public class TenantPage {
    @Inject
    Tenants tenants;

    @Inject
    CurrentTenant current;

    private int id;
    private String reason = "";
    private @Nullable String name;
    private @Nullable Tenant tenant;

    public void rename() {
        String wanted = getName();
        change(() -> tenants.rename(id, wanted, read().version()));
    }

    public void suspend() {
        change(() -> tenants.setStatus(id, Tenant.Status.SUSPENDED));
    }

    public void resume() {
        change(() -> tenants.setStatus(id, Tenant.Status.ACTIVE));
    }

    public boolean isOwn() {
        return current.id().value() == id;
    }

    public boolean isReasonNeeded() {
        return !isOwn() && reason.isBlank();
    }

    /** The tenant's name, or what the page is about while a reason is missing. */
    public String getTitle() {
        return isReasonNeeded() ? Texts.text("nav.tenants") : read().name();
    }

    public TenantRow getTenant() {
        return new TenantRow(read());
    }

    private void change(Supplier<Tenant> action) {
        try {
            explain();
            tenant = action.get();
            Texts.done("common.saved");
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    private Tenant read() {
        Tenant known = tenant;
        if (known == null) {
            explain();
            known = tenants.get(id);
            tenant = known;
        }
        return known;
    }

    private void explain() {
        RequestContext.set(RequestContext.current().withReason(reason));
    }

    public int getId() {
        return id;
    }

    public void setId(int id) {
        this.id = id;
    }

    public String getReason() {
        return reason;
    }

    /** The reason as part of an address. */
    public String getReasonEncoded() {
        return URLEncoder.encode(reason, StandardCharsets.UTF_8);
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason.strip();
    }

    public String getName() {
        String typed = name;
        return typed == null ? read().name() : typed;
    }

    public void setName(String name) {
        this.name = name;
    }
}
