package io.auspex.platform.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.ejb.EJBException;
import jakarta.validation.ValidationException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Everything that a resource throws leaves as a {@link Problem}. The container brings mappers of its own for some of
 * these types and takes the nearest, hence one for each.
 */
public final class ProblemMappers {
    private ProblemMappers() {}

    @Provider
    public static class Coded implements ExceptionMapper<AuspexException> {
        @Override
        public Response toResponse(AuspexException thrown) {
            return answer(thrown);
        }
    }

    @Provider
    public static class Invalid implements ExceptionMapper<ValidationException> {
        @Override
        public Response toResponse(ValidationException thrown) {
            return answer(thrown);
        }
    }

    @Provider
    public static class Bean implements ExceptionMapper<EJBException> {
        @Override
        public Response toResponse(EJBException thrown) {
            return answer(thrown);
        }
    }

    @Provider
    public static class Processing implements ExceptionMapper<ProcessingException> {
        @Override
        public Response toResponse(ProcessingException thrown) {
            return answer(thrown);
        }
    }

    /**
     * Statuses of JAX-RS itself; a response that came with a body of its own is left alone. On
     * paths that Prometheus owns no resource answers, so what comes here is told in its envelope.
     */
    @Provider
    public static class Web implements ExceptionMapper<WebApplicationException> {
        @Context
        UriInfo uri;

        @Override
        public Response toResponse(WebApplicationException thrown) {
            Response original = thrown.getResponse();
            if (original.getStatus() < 400 || original.hasEntity()) {
                return original;
            }
            if (PrometheusErrors.owns("/api/" + uri.getPath())) {
                Problem problem = Failures.problem(thrown);
                return Response.status(problem.code().status())
                        .type(MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .entity(PrometheusErrors.body(problem.code(), problem.detail()))
                        .build();
            }
            Response.ResponseBuilder problem = Response.fromResponse(answer(thrown));
            String allow = original.getHeaderString(HttpHeaders.ALLOW);
            if (allow != null) {
                problem.header(HttpHeaders.ALLOW, allow);
            } else if (original.getStatus() == Code.METHOD_NOT_ALLOWED.status()) {
                problem.header(HttpHeaders.ALLOW, HttpMethod.OPTIONS);
            }
            return problem.build();
        }
    }

    @Provider
    public static class Everything implements ExceptionMapper<Throwable> {
        @Override
        public Response toResponse(Throwable thrown) {
            return answer(thrown);
        }
    }

    private static Response answer(Throwable thrown) {
        return Failures.problem(thrown).response();
    }
}
