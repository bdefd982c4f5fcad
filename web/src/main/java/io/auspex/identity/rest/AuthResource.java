package io.auspex.identity.rest;

import io.auspex.identity.boundary.SignIn;
import io.auspex.identity.boundary.TokenPair;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.ClientAddress;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Tokens for programs that act for a person; the only resources below {@code /api} that need no credential. */
@RequestScoped
@Path("v1/auth")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class AuthResource {
    @Inject
    SignIn signIn;

    @Context
    HttpServletRequest request;

    /** Name and password, or a refresh token. */
    public record TokenRequest(
            @Nullable String login,
            @Nullable String password,
            @Nullable String refreshToken) {}

    /** In the form of OAuth 2. */
    public record TokenAnswer(String accessToken, String tokenType, long expiresIn, String refreshToken) {}

    @POST
    @Path("token")
    public Response token(@Nullable TokenRequest body) {
        TokenRequest wanted = Bodies.required(body, "a body");
        if (wanted.refreshToken() != null) {
            return answer(signIn.refresh(wanted.refreshToken()));
        }
        String login = Bodies.required(wanted.login(), "login");
        String password = Bodies.required(wanted.password(), "password");
        return answer(signIn.token(login, password.toCharArray(), ClientAddress.of(request)));
    }

    @POST
    @Path("refresh")
    public Response refresh(@Nullable TokenRequest body) {
        return answer(signIn.refresh(refreshToken(body)));
    }

    /** Always 204: whether there was such a token is nobody's business. */
    @POST
    @Path("revoke")
    public Response revoke(@Nullable TokenRequest body) {
        signIn.revoke(refreshToken(body));
        return Response.noContent().build();
    }

    private static String refreshToken(@Nullable TokenRequest body) {
        if (body == null || body.refreshToken() == null) {
            throw new AuspexException(Code.BAD_REQUEST, "refreshToken is required");
        }
        return body.refreshToken();
    }

    private static Response answer(TokenPair pair) {
        return Response.ok(new TokenAnswer(pair.accessToken(), "Bearer", pair.expiresInSeconds(), pair.refreshToken()))
                .header("Cache-Control", "no-store")
                .build();
    }
}
