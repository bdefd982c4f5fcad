package io.auspex.platform.admin;

import io.auspex.platform.AuspexException;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import java.text.MessageFormat;
import java.util.ResourceBundle;

/** The portal's message bundle, in the language of the page. */
public final class Texts {
    private Texts() {}

    public static ResourceBundle bundle() {
        FacesContext faces = FacesContext.getCurrentInstance();
        return faces.getApplication().getResourceBundle(faces, "msg");
    }

    /** The text of a key with {@code {0}} and so on filled in. */
    public static String text(String key, Object... values) {
        String pattern = bundle().getString(key);
        return values.length == 0 ? pattern : new MessageFormat(pattern, bundle().getLocale()).format(values);
    }

    /** Shows at the top of the page that something was done. */
    public static void done(String key, Object... values) {
        add(FacesMessage.SEVERITY_INFO, text(key, values));
    }

    /** Shows at the top of the page why something was refused. */
    public static void refused(AuspexException cause) {
        String detail = cause.detail();
        add(FacesMessage.SEVERITY_ERROR, Character.toUpperCase(detail.charAt(0)) + detail.substring(1) + ".");
    }

    private static void add(FacesMessage.Severity severity, String text) {
        FacesContext.getCurrentInstance().addMessage(null, new FacesMessage(severity, text, null));
    }
}
