package io.auspex.identity.rest;

import io.auspex.identity.boundary.Authenticator;
import io.auspex.identity.boundary.Caller;
import io.auspex.identity.boundary.PortalSession;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.platform.rest.Correlation;
import io.auspex.platform.rest.Problem;
import io.auspex.platform.rest.PrometheusErrors;
import io.auspex.platform.rest.QueryString;
import io.auspex.platform.rest.SecurityHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.enterprise.CallerPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The one way into the application: every request proves anew who sends it, by {@code Authorization} header or by the
 * session of a signed-in person (ADR 010).
 *
 * <p>Programs get a problem (or Prometheus' envelope, on its paths) when they are refused, people the sign-in page. A session cookie alone changes nothing
 * unless the request comes from our own pages.
 */
@ApplicationScoped
public class RequestAuthentication {
    /** Where the HTTP session keeps its {@link PortalSession}. */
    public static final String SESSION = "io.auspex.identity";

    private static final CallerPrincipal GUEST = new CallerPrincipal("guest");

    @Inject
    Authenticator authenticator;

    @Inject
    @ConfigProperty(name = "auspex.docs.public", defaultValue = "false")
    boolean docsArePublic;

    AuthStatus validate(HttpServletRequest request, HttpServletResponse response, ContainerLogin login) {
        Correlation.begin(request, response);
        SecurityHeaders.apply(request, response);
        AuthStatus status = orRefuse(request, response, login);
        if (status == AuthStatus.SEND_FAILURE || status == AuthStatus.SEND_CONTINUE) {
            RequestContext.set(RequestContext.NONE); // no filter follows
        }
        return status;
    }

    private AuthStatus orRefuse(HttpServletRequest request, HttpServletResponse response, ContainerLogin login) {
        try {
            return authenticate(request, response, login);
        } catch (AuspexException e) {
            if (!login.isProtected()) {
                return login.nobody();
            }
            return refuse(request, response, e.code(), e.detail());
        }
    }

    private AuthStatus authenticate(HttpServletRequest request, HttpServletResponse response, ContainerLogin login) {
        String authorization = request.getHeader("Authorization");
        Optional<PresentedCredential> asked = authorization == null && Paths.isInflux(request)
                ? PresentedCredential.ofInflux(QueryString.of(request))
                : PresentedCredential.parse(authorization);
        if (authorization != null || asked.isPresent()) {
            Optional<Caller> caller = asked.flatMap(presented -> presented.bearer()
                    ? authenticator.bearer(presented.secret())
                    : authenticator.key(presented.secret()));
            return caller.isPresent()
                    ? admit(caller.get(), request, response, login)
                    : nobody(request, response, login, "the credential is not known or not good any more");
        }
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute(SESSION) instanceof PortalSession known) {
            return authenticate(session, known, request, response, login);
        }
        return nobody(request, response, login, "sign in or send a credential");
    }

    private AuthStatus authenticate(
            HttpSession session,
            PortalSession known,
            HttpServletRequest request,
            HttpServletResponse response,
            ContainerLogin login) {
        Optional<Caller> caller = authenticator.session(known);
        if (caller.isEmpty()) {
            session.removeAttribute(SESSION);
            return nobody(request, response, login, "the session has ended; sign in again");
        }
        if (!SameOrigin.safe(request.getMethod()) && !fromOurPages(request)) {
            return refuse(request, response, Code.FORBIDDEN, "a session changes something only from our own pages");
        }
        if (caller.get().mustChangePassword() && login.isProtected() && !Paths.isPasswordChange(request)) {
            return Paths.wantsPage(request)
                    ? redirect(request, response, Paths.PASSWORD_PAGE)
                    : refuse(request, response, Code.FORBIDDEN, "the one-time password must be changed first");
        }
        return admit(caller.get(), request, response, login);
    }

    private AuthStatus admit(
            Caller caller, HttpServletRequest request, HttpServletResponse response, ContainerLogin login) {
        String tenant = request.getHeader("X-Scope-OrgID");
        if (tenant != null && !caller.belongsTo(tenant)) {
            return refuse(
                    request, response, Code.FORBIDDEN, "the credential does not grant the tenant in X-Scope-OrgID");
        }
        Correlation.identify(
                request,
                caller.principal().tenant().toString(),
                caller.principal().subject());
        return login.admit(caller.principal(), caller.groups());
    }

    private AuthStatus nobody(
            HttpServletRequest request, HttpServletResponse response, ContainerLogin login, String detail) {
        if (!login.isProtected()) {
            return login.nobody();
        }
        if (docsArePublic && Paths.isDocs(request)) {
            return login.admit(GUEST, Set.of());
        }
        return Paths.wantsPage(request)
                ? redirect(request, response, Paths.signInPage(request))
                : refuse(request, response, Code.UNAUTHENTICATED, detail);
    }

    /** Whether a session-authenticated request was sent by one of our pages; sign-in asks the same. */
    public static boolean fromOurPages(HttpServletRequest request) {
        return SameOrigin.proven(
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Origin"),
                request.getHeader("Referer"),
                request.getHeader("Host"));
    }

    private static AuthStatus redirect(HttpServletRequest request, HttpServletResponse response, String location) {
        try {
            response.setHeader("Cache-Control", "no-store");
            if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
                response.setContentType("text/xml;charset=UTF-8");
                response.getWriter()
                        .write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><partial-response><redirect url=\""
                                + location.replace("&", "&amp;") + "\"/></partial-response>");
            } else {
                response.sendRedirect(location);
            }
            return AuthStatus.SEND_CONTINUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AuthStatus refuse(
            HttpServletRequest request, HttpServletResponse response, Code code, String detail) {
        try {
            if (code == Code.UNAUTHENTICATED) {
                // no Basic here: browsers would ask for a password with a dialogue of their own
                response.setHeader("WWW-Authenticate", "Bearer realm=\"auspex\"");
            } else if (code == Code.UNAVAILABLE) {
                response.setHeader("Retry-After", "5");
            }
            String correlation = Correlation.begin(request, response).correlation();
            if (PrometheusErrors.owns(Paths.path(request))) {
                PrometheusErrors.send(code, detail, response);
            } else {
                Problem.of(code, detail, correlation).send(response);
            }
            return AuthStatus.SEND_FAILURE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
