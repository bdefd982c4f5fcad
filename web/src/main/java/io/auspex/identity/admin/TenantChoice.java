package io.auspex.identity.admin;

import io.auspex.platform.RequestContext;
import io.auspex.tenancy.TenantId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The tenant in which a page acts: the caller's own, or another one together with the reason for it.
 *
 * @param tenant number of the tenant; 0 stands for the caller's own
 */
record TenantChoice(int tenant, String reason, TenantId own) {
    TenantChoice {
        reason = reason.strip();
    }

    boolean foreign() {
        return tenant != 0 && tenant != own.value();
    }

    boolean reasonNeeded() {
        return foreign() && reason.isBlank();
    }

    int number() {
        return tenant == 0 ? own.value() : tenant;
    }

    /** Makes the reason part of what the audit trail says about the running request. */
    void explain() {
        RequestContext.set(RequestContext.current().withReason(reason));
    }

    /** The choice as parameters of an address, empty for the own tenant. */
    String parameters() {
        return foreign() ? "tenant=" + tenant + "&reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8) : "";
    }
}
