package io.auspex.health.boundary;

import io.auspex.platform.HealthProbe;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;

/**
 * The health of this node: every component's own finding, and what follows for traffic.
 *
 * <p>Public: says nothing that an anonymous caller should not know beyond component names and states.
 */
@ApplicationScoped
public class Health {
    /** Set by whoever runs this JVM before it stops the server, so that load balancers turn away first. */
    public static final String DRAINING_PROPERTY = "auspex.draining";

    @Inject
    @Any
    Instance<HealthProbe> probes;

    /** Each component's finding, by name. A probe that fails is DOWN with the failure's type. */
    public Map<String, HealthProbe.Finding> components() {
        Map<String, HealthProbe.Finding> findings = new TreeMap<>();
        for (HealthProbe probe : probes) {
            findings.put(probe.component(), check(probe));
        }
        if (isDraining()) {
            findings.put("traffic", HealthProbe.Finding.down("the node is draining"));
        }
        return findings;
    }

    /** Whether the node is on its way out and wants no new requests. */
    public boolean isDraining() {
        return Boolean.getBoolean(DRAINING_PROPERTY);
    }

    /** Whether no component is down. */
    public static boolean isReady(Map<String, HealthProbe.Finding> components) {
        return components.values().stream().noneMatch(finding -> finding.state() == HealthProbe.State.DOWN);
    }

    private static HealthProbe.Finding check(HealthProbe probe) {
        try {
            return probe.check();
        } catch (RuntimeException e) {
            return HealthProbe.Finding.down("the probe failed: " + e.getClass().getSimpleName());
        }
    }
}
