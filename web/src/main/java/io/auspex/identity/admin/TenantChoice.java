package io.auspex.identity.admin;

import io.auspex.platform.RequestContext;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The tenant in which a page acts: the caller's own, or another one together with the reason for it. */
@Named
@RequestScoped
public class TenantChoice {
    @Inject
    CurrentTenant current;

    private int tenant;
    private String reason = "";

    public boolean isForeign() {
        return tenant != 0 && tenant != current.id().value();
    }

    public boolean isReasonNeeded() {
        return isForeign() && reason.isBlank();
    }

    /** The chosen tenant; makes the reason part of what the audit trail says about the running request. */
    int explained() {
        RequestContext.set(RequestContext.current().withReason(reason));
        return tenant == 0 ? current.id().value() : tenant;
    }

    /** The choice as parameters that addresses of other pages carry on, empty for the own tenant. */
    public String getParameters() {
        return isForeign() ? "tenant=" + tenant + "&reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8) : "";
    }

    /** Number of the tenant; 0 stands for the caller's own. */
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
        this.reason = reason == null ? "" : reason.strip();
    }
}
