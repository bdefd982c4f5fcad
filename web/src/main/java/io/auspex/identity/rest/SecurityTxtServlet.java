package io.auspex.identity.rest;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Whom to tell about a weakness (RFC 9116), as the operator has set it in {@code auspex.security.contact}; there is no
 * such page while nobody is named.
 */
@WebServlet(name = "securityTxt", urlPatterns = "/.well-known/security.txt")
public class SecurityTxtServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration GOOD_FOR = Duration.ofDays(180);

    @Inject
    @ConfigProperty(name = "auspex.security.contact")
    transient Optional<String> contact;

    @Inject
    transient Clock clock;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (contact.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter()
                .write("Contact: " + contact.get() + "\nExpires: "
                        + clock.instant().plus(GOOD_FOR).truncatedTo(ChronoUnit.DAYS) + "\n");
    }
}
