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
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.CallerPrincipal;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
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
@Alternative
@Priority(100)
public class RequestAuthentication implements HttpAuthenticationMechanism {
    /** Where the HTTP session keeps its {@link PortalSession}. */
    public static final String SESSION = "io.auspex.identity";

    private static final CallerPrincipal GUEST = new CallerPrincipal("guest");

    @Inject
    Authenticator authenticator;

    @Inject
    @ConfigProperty(name = "auspex.docs.public", defaultValue = "false")
    boolean docsArePublic;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        Correlation.begin(request, response);
        SecurityHeaders.apply(request, response);
        AuthenticationStatus status = orRefuse(request, response, context);
        if (status == AuthenticationStatus.SEND_FAILURE || status == AuthenticationStatus.SEND_CONTINUE) {
            RequestContext.set(RequestContext.NONE); // no filter follows
        }
        return status;
    }

    private AuthenticationStatus orRefuse(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        try {
            return authenticate(request, response, context);
        } catch (AuspexException e) {
            if (!context.isProtected()) {
                return context.doNothing();
            }
            return refuse(request, response, e.code(), e.detail());
        }
    }

    private AuthenticationStatus authenticate(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        String authorization = request.getHeader("Authorization");
        Optional<PresentedCredential> asked = authorization == null && Paths.isInflux(request)
                ? PresentedCredential.ofInflux(QueryString.of(request))
                : PresentedCredential.parse(authorization);
        if (authorization != null || asked.isPresent()) {
            Optional<Caller> caller = asked.flatMap(presented -> presented.bearer()
                    ? authenticator.bearer(presented.secret())
                    : authenticator.key(presented.secret()));
            return caller.isPresent()
                    ? admit(caller.get(), request, response, context)
                    : nobody(request, response, context, "the credential is not known or not good any more");
        }
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute(SESSION) instanceof PortalSession known) {
            return authenticate(session, known, request, response, context);
        }
        return nobody(request, response, context, "sign in or send a credential");
    }

    private AuthenticationStatus authenticate(
            HttpSession session,
            PortalSession known,
            HttpServletRequest request,
            HttpServletResponse response,
            HttpMessageContext context) {
        Optional<Caller> caller = authenticator.session(known);
        if (caller.isEmpty()) {
            session.removeAttribute(SESSION);
            return nobody(request, response, context, "the session has ended; sign in again");
        }
        if (!SameOrigin.safe(request.getMethod()) && !fromOurPages(request)) {
            return refuse(request, response, Code.FORBIDDEN, "a session changes something only from our own pages");
        }
        if (caller.get().mustChangePassword() && context.isProtected() && !Paths.isPasswordChange(request)) {
            return Paths.wantsPage(request)
                    ? redirect(request, response, Paths.PASSWORD_PAGE)
                    : refuse(request, response, Code.FORBIDDEN, "the one-time password must be changed first");
        }
        return admit(caller.get(), request, response, context);
    }

    private AuthenticationStatus admit(
            Caller caller, HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        String tenant = request.getHeader("X-Scope-OrgID");
        if (tenant != null && !caller.belongsTo(tenant)) {
            return refuse(
                    request, response, Code.FORBIDDEN, "the credential does not grant the tenant in X-Scope-OrgID");
        }
        Correlation.identify(
                request,
                caller.principal().tenant().toString(),
                caller.principal().subject());
        return context.notifyContainerAboutLogin(caller.principal(), caller.groups());
    }

    private AuthenticationStatus nobody(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context, String detail) {
        if (!context.isProtected()) {
            return context.doNothing();
        }
        if (docsArePublic && Paths.isDocs(request)) {
            return context.notifyContainerAboutLogin(GUEST, Set.of());
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

    private static AuthenticationStatus redirect(
            HttpServletRequest request, HttpServletResponse response, String location) {
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
            return AuthenticationStatus.SEND_CONTINUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AuthenticationStatus refuse(
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
            return AuthenticationStatus.SEND_FAILURE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
