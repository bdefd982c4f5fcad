package io.auspex.identity.admin;

import io.auspex.identity.boundary.PortalSession;
import io.auspex.identity.boundary.SignIn;
import io.auspex.identity.rest.RequestAuthentication;
import io.auspex.platform.AuspexException;
import io.auspex.platform.rest.ClientAddress;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * The sign-in page: {@code loginPage.name}, {@code .password}, {@code .from}, and {@code .signIn()} as action.
 *
 * <p>A new HTTP session begins with every sign-in, so that nobody can prepare one for somebody else.
 */
@Named
@RequestScoped
public class LoginPage {
    @Inject
    SignIn signIn;

    private String name = "";
    private String password = "";
    private String from = "";

    public void signIn() throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        ExternalContext external = faces.getExternalContext();
        HttpServletRequest request = (HttpServletRequest) external.getRequest();
        if (!RequestAuthentication.fromOurPages(request)) {
            faces.addMessage(null, error("sign in from this page"));
            return;
        }
        try {
            PortalSession session = signIn.signIn(name, password.toCharArray(), ClientAddress.of(request));
            HttpSession before = request.getSession(false);
            if (before != null) {
                before.invalidate();
            }
            request.getSession(true).setAttribute(RequestAuthentication.SESSION, session);
            external.redirect(target(from));
            faces.responseComplete();
        } catch (AuspexException e) {
            faces.addMessage(null, error(e.detail()));
        }
    }

    /** Where to go on: a path of ours, never another site. */
    static String target(String from) {
        boolean ours = from.startsWith("/") && !from.startsWith("//") && from.indexOf('\\') < 0;
        return ours && from.chars().noneMatch(Character::isISOControl) ? from : "/";
    }

    private static FacesMessage error(String text) {
        return new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null);
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name == null ? "" : name;
    }

    /** Never shown again. */
    public String getPassword() {
        return "";
    }

    public void setPassword(String password) {
        this.password = password == null ? "" : password;
    }

    public String getFrom() {
        return from;
    }

    public void setFrom(String from) {
        this.from = from == null ? "" : from;
    }
}
