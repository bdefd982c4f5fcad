package io.auspex.platform.rest;

import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * {@code ?cursor=&limit=} of a list operation, for {@code @BeanParam}; answers {@code {"items": [...], "next": "..."}}
 * with {@code Link: rel="next"} while there is more.
 */
public class Paging {
    @QueryParam("cursor")
    @Nullable
    String cursor;

    @QueryParam("limit")
    @DefaultValue("" + Page.DEFAULT_LIMIT)
    int limit;

    @Context
    UriInfo uri;

    public PageRequest request() {
        return new PageRequest(cursor == null ? "" : cursor, limit);
    }

    public Response answer(Page<?> page) {
        Response.ResponseBuilder response = Response.ok(page);
        if (!page.next().isEmpty()) {
            URI next = uri.getRequestUriBuilder()
                    .replaceQueryParam("cursor", "{cursor}")
                    .build(page.next());
            response.header("Link", "<" + relative(next) + ">; rel=\"next\"");
        }
        return response.build();
    }

    /** Without host: a proxy in front knows its name, we do not. */
    private static String relative(URI uri) {
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }
}
