package io.auspex.platform.rest;

import io.auspex.platform.PeerSocket;
import io.auspex.platform.RequestContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Gives every request its ids and every response its security headers. */
@WebFilter(
        filterName = "request",
        urlPatterns = "/*",
        asyncSupported = true,
        dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ERROR})
public class RequestFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Correlation.begin(request, response);
        SecurityHeaders.apply(request, response);
        PeerSocket.set(new PeerSocket(request.getLocalPort(), request.getRemotePort()));
        RequestsInFlight.begin();
        try {
            chain.doFilter(request, new PolicyResponse(response));
        } finally {
            RequestsInFlight.end();
            RequestContext.set(RequestContext.NONE);
            PeerSocket.set(PeerSocket.NONE);
        }
    }
}
