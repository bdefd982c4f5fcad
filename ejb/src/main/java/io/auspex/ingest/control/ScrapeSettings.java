package io.auspex.ingest.control;

import io.auspex.ingest.AddressRules;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the operator lets tenants scrape (docs/operations/limits.md, "Scraping"). */
@ApplicationScoped
public class ScrapeSettings {
    /** Loopback, link-local with the metadata services, unspecified, shared, multicast, reserved, and detours to them. */
    static final String DENY =
            "127.0.0.0/8,0.0.0.0/8,169.254.0.0/16,100.64.0.0/10,192.0.0.0/24,224.0.0.0/4,240.0.0.0/4,"
                    + "::/127,fe80::/10,ff00::/8,fd00:ec2::254,fd20:ce::254,64:ff9b::/96,2002::/16";

    private static final Pattern DATABASE_PORT = Pattern.compile("//[^/:]*:(\\d+)/");
    private static final int POSTGRESQL = 5432;
    private static final int ADMIN = 4848;

    @Inject
    @ConfigProperty(name = "auspex.scrape.enabled", defaultValue = "true")
    boolean enabled;

    @Inject
    @ConfigProperty(name = "auspex.scrape.allow")
    Optional<String> allow;

    @Inject
    @ConfigProperty(name = "auspex.scrape.deny", defaultValue = DENY)
    String deny;

    @Inject
    @ConfigProperty(name = "auspex.scrape.directory")
    Optional<String> directory;

    @Inject
    @ConfigProperty(name = "auspex.scrape.parallel", defaultValue = "16")
    int parallel;

    @Inject
    @ConfigProperty(name = "auspex.scrape.targets", defaultValue = "1000")
    int targets;

    @Inject
    @ConfigProperty(name = "auspex.scrape.shortest-interval", defaultValue = "PT1S")
    Duration shortestInterval;

    @Inject
    @ConfigProperty(name = "auspex.scrape.lease", defaultValue = "PT30S")
    Duration lease;

    @Inject
    @ConfigProperty(name = "auspex.db.url")
    Optional<String> databaseUrl;

    private AddressRules rules = new AddressRules("", DENY);
    private Set<Integer> ownPorts = Set.of();
    private final Set<InetAddress> ownAddresses = new HashSet<>();

    @PostConstruct
    void read() {
        rules = new AddressRules(allow.orElse(""), deny);
        Matcher port = DATABASE_PORT.matcher(databaseUrl.orElse(""));
        ownPorts = Set.of(ADMIN, port.find() ? Integer.parseInt(port.group(1)) : POSTGRESQL);
        try {
            NetworkInterface.networkInterfaces()
                    .forEach(network -> network.inetAddresses().forEach(ownAddresses::add));
        } catch (SocketException e) {
            throw new IllegalStateException("the host does not tell its addresses", e);
        }
    }

    boolean enabled() {
        return enabled;
    }

    /** Why the server does not connect to an address for a tenant; empty when it does. */
    String denies(InetAddress address, int port) {
        boolean own = address.isLoopbackAddress() || address.isAnyLocalAddress() || ownAddresses.contains(address);
        if (own && ownPorts.contains(port)) {
            return "it is the server's own database or administration";
        }
        String network = rules.denies(address);
        return network.isEmpty() ? "" : "the operator denies " + network + " (auspex.scrape.deny, auspex.scrape.allow)";
    }

    /** A file of a tenant in the operator's directory; empty when there is no directory. */
    Optional<Path> directory(String tenantSlug, String kind) {
        return directory
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text).resolve(tenantSlug).resolve(kind));
    }

    /** Scrapes at one time on this node. */
    int parallel() {
        return parallel;
    }

    /** Targets of a tenant. */
    int targets() {
        return targets;
    }

    /** The shortest time between two scrapes of a target. */
    public Duration shortestInterval() {
        return shortestInterval;
    }

    Duration lease() {
        return lease;
    }
}
