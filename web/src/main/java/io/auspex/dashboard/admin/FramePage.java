package io.auspex.dashboard.admin;

import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.OwnTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.FacesConfig;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.primefaces.context.PrimeFacesContext;

/** What every page shows around its content: the caller, its tenant, and the pages that its roles may open. */
@Named("frame")
@RequestScoped
@FacesConfig
public class FramePage {
    private static final String BROWSER_PREFIX = "js.";

    @Inject
    CurrentTenant current;

    @Inject
    OwnTenant ownTenant;

    @Inject
    PortalAssets assets;

    @Inject
    HttpServletRequest request;

    public String getLanguage() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale().toLanguageTag();
    }

    public String getUserName() {
        return current.principal().getName();
    }

    public String getTenantName() {
        return ownTenant.get().name();
    }

    /** The caller's roles as people read them, without those that others imply. */
    public String getRoles() {
        List<Role> held = Arrays.stream(Role.values())
                .filter(role -> current.isCallerInRole(role.wireName()))
                .toList();
        return held.stream()
                .filter(role -> held.stream().noneMatch(other -> other != role && other.implies(role)))
                .map(role -> Texts.text("role." + role.wireName()))
                .collect(Collectors.joining(", "));
    }

    public boolean isAnalyst() {
        return may(Role.ANALYST);
    }

    public boolean isOperator() {
        return may(Role.OPERATOR);
    }

    public boolean isTenantAdmin() {
        return may(Role.TENANT_ADMIN);
    }

    public boolean isPlatformAdmin() {
        return may(Role.PLATFORM_ADMIN);
    }

    /** The pages that the caller may open, in reading order. */
    public List<NavigationGroup> getNavigation() {
        List<NavigationLink> work = new ArrayList<>();
        work.add(link("/overview", "overview"));
        work.add(link("/explore", "explore"));
        work.add(link("/insights", "insights"));
        work.add(link("/targets", "targets", "download"));
        if (isAnalyst()) {
            work.add(link("/reports", "reports"));
            work.add(link("/ingest", "ingest"));
        }
        if (isOperator()) {
            work.add(link("/jobs", "jobs"));
            work.add(link("/storage", "storage"));
        }
        List<NavigationGroup> groups = new ArrayList<>();
        groups.add(new NavigationGroup("", work));
        List<NavigationLink> administration = new ArrayList<>();
        if (isPlatformAdmin()) {
            administration.add(link("/admin/tenants", "tenants"));
        }
        if (isTenantAdmin()) {
            administration.add(link("/admin/users", "users"));
            administration.add(link("/admin/api-keys", "keys"));
        }
        if (!administration.isEmpty()) {
            groups.add(new NavigationGroup(Texts.text("nav.administration"), administration));
        }
        return groups;
    }

    /** The texts that browser code needs, as a JSON object without the keys' common prefix. */
    public String getBrowserTexts() {
        ResourceBundle bundle = Texts.bundle();
        JsonObjectBuilder texts = Json.createObjectBuilder();
        bundle.keySet().stream()
                .filter(key -> key.startsWith(BROWSER_PREFIX))
                .sorted()
                .forEach(key -> texts.add(key.substring(BROWSER_PREFIX.length()), bundle.getString(key)));
        return texts.build().toString();
    }

    /**
     * The nonce of the page's content policy. PrimeFaces wants it back with every form; its own script adds it where that
     * script is loaded, pages without it send it as a field.
     */
    public String getNonce() {
        return PrimeFacesContext.getCspState(FacesContext.getCurrentInstance()).getNonce();
    }

    public String asset(String file) {
        return assets.path(file);
    }

    public String icon(String name) {
        return assets.icon(name);
    }

    private boolean may(Role needed) {
        return Arrays.stream(Role.values())
                .anyMatch(role -> role.implies(needed) && current.isCallerInRole(role.wireName()));
    }

    private NavigationLink link(String path, String name) {
        return link(path, name, name);
    }

    private NavigationLink link(String path, String name, String icon) {
        String here = request.getServletPath();
        boolean below = here.equals(path) || here.startsWith(path + "/") || here.startsWith(path + ".");
        return new NavigationLink(path, Texts.text("nav." + name), icon, below);
    }
}
