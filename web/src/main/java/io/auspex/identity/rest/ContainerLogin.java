package io.auspex.identity.rest;

import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the container who sends a request.
 *
 * @param isProtected whether the request needs anybody
 */
record ContainerLogin(boolean isProtected, Subject subject, CallbackHandler container) {
    AuthStatus admit(Principal caller, Set<String> groups) {
        CallerPrincipalCallback who = new CallerPrincipalCallback(subject, caller);
        return groups.isEmpty()
                ? tell(who)
                : tell(who, new GroupPrincipalCallback(subject, groups.toArray(String[]::new)));
    }

    /** Lets the request go on without anybody. */
    AuthStatus nobody() {
        @Nullable Principal none = null;
        return tell(new CallerPrincipalCallback(subject, none));
    }

    private AuthStatus tell(Callback... callbacks) {
        try {
            container.handle(callbacks);
            return AuthStatus.SUCCESS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnsupportedCallbackException e) {
            throw new IllegalStateException("the container does not take logins", e);
        }
    }
}
