package io.auspex.series.rest;

import io.auspex.series.ClusterNode;
import io.auspex.series.boundary.ClusterNodes;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The servers that work on this database. */
@RequestScoped
@Path("v1/system/nodes")
@Produces(MediaType.APPLICATION_JSON)
public class NodesResource {
    @Inject
    ClusterNodes nodes;

    @GET
    public List<ClusterNode> list() {
        return nodes.list();
    }
}
