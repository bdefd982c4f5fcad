package io.auspex.identity.rest;

import jakarta.inject.Inject;
import jakarta.security.auth.message.AuthException;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.MessagePolicy;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.security.auth.message.module.ServerAuthModule;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import org.jspecify.annotations.Nullable;

/** Has the container ask {@link RequestAuthentication} about every request, directly (ADR 010). */
@WebListener
public class AuthenticationModule implements ServletContextListener {
    @Inject
    RequestAuthentication authentication;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        AuthConfigFactory.getFactory().registerServerAuthModule(new Module(authentication), event.getServletContext());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        AuthConfigFactory.getFactory().removeServerAuthModule(event.getServletContext());
    }

    private static final class Module implements ServerAuthModule {
        private static final String MANDATORY = "jakarta.security.auth.message.MessagePolicy.isMandatory";

        private final RequestAuthentication authentication;
        private @Nullable CallbackHandler container;

        Module(RequestAuthentication authentication) {
            this.authentication = authentication;
        }

        @Override
        public void initialize(
                @Nullable MessagePolicy request,
                @Nullable MessagePolicy response,
                CallbackHandler handler,
                @Nullable Map<String, Object> options) {
            container = handler;
        }

        @Override
        public Class<?>[] getSupportedMessageTypes() {
            return new Class<?>[] {HttpServletRequest.class, HttpServletResponse.class};
        }

        @Override
        public AuthStatus validateRequest(MessageInfo messages, Subject caller, @Nullable Subject service)
                throws AuthException {
            CallbackHandler handler = container;
            if (handler == null) {
                throw new AuthException("the container has not initialized the module");
            }
            boolean isProtected =
                    Boolean.parseBoolean(String.valueOf(messages.getMap().get(MANDATORY)));
            return authentication.validate(
                    (HttpServletRequest) messages.getRequestMessage(),
                    (HttpServletResponse) messages.getResponseMessage(),
                    new ContainerLogin(isProtected, caller, handler));
        }

        @Override
        public AuthStatus secureResponse(MessageInfo messages, @Nullable Subject service) {
            return AuthStatus.SEND_SUCCESS;
        }

        @Override
        public void cleanSubject(MessageInfo messages, Subject caller) {
            caller.getPrincipals().clear();
        }
    }
}
