package io.auspex.identity.admin;

import io.auspex.identity.boundary.PortalSession;
import io.auspex.identity.boundary.SignIn;
import io.auspex.identity.rest.RequestAuthentication;
import io.auspex.platform.AuspexException;
import io.auspex.platform.rest.ClientAddress;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * One's own password: {@code passwordPage.current}, {@code .wanted}, {@code .repeated}, and {@code .change()} as action.
 */
@Named
@RequestScoped
public class PasswordPage {
    @Inject
    SignIn signIn;

    private String current = "";
    private String wanted = "";
    private String repeated = "";

    public void change() throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        HttpServletRequest request =
                (HttpServletRequest) faces.getExternalContext().getRequest();
        HttpSession http = request.getSession(false);
        if (http == null || !(http.getAttribute(RequestAuthentication.SESSION) instanceof PortalSession session)) {
            faces.getExternalContext().redirect("/login.xhtml");
            return;
        }
        if (!wanted.equals(repeated)) {
            faces.addMessage(null, error("the new password and its repetition differ"));
            return;
        }
        try {
            PortalSession renewed = signIn.changePassword(
                    session, current.toCharArray(), wanted.toCharArray(), ClientAddress.of(request));
            request.changeSessionId();
            http.setAttribute(RequestAuthentication.SESSION, renewed);
            faces.getExternalContext().redirect("/");
            faces.responseComplete();
        } catch (AuspexException e) {
            faces.addMessage(null, error(e.detail()));
        }
    }

    private static FacesMessage error(String text) {
        return new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null);
    }

    public String getCurrent() {
        return "";
    }

    public void setCurrent(String current) {
        this.current = current == null ? "" : current;
    }

    public String getWanted() {
        return "";
    }

    public void setWanted(String wanted) {
        this.wanted = wanted == null ? "" : wanted;
    }

    public String getRepeated() {
        return "";
    }

    public void setRepeated(String repeated) {
        this.repeated = repeated == null ? "" : repeated;
    }
}
