package io.auspex.platform.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where a request comes from: the peer's address, or what a trusted proxy says in {@code X-Forwarded-For}.
 *
 * <p>{@code auspex.http.trusted.proxies} lists the proxies' addresses; headers of anybody else are not believed.
 */
public final class ClientAddress {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    private ClientAddress() {}

    public static String of(HttpServletRequest request) {
        String peer = request.getRemoteAddr();
        String forwarded = request.getHeader("X-Forwarded-For");
        return forwarded == null ? peer : behind(peer, forwarded, trusted());
    }

    /** Walks from the nearest proxy outwards to the first address that is not a trusted proxy. */
    static String behind(String peer, String forwarded, Set<String> trusted) {
        String client = peer;
        String[] hops = COMMA.split(forwarded.strip(), -1);
        for (int i = hops.length - 1; i >= 0 && trusted.contains(client); i--) {
            if (!ADDRESS.matcher(hops[i]).matches()) {
                break;
            }
            client = hops[i];
        }
        return client;
    }

    private static Set<String> trusted() {
        String list = ConfigProvider.getConfig()
                .getOptionalValue("auspex.http.trusted.proxies", String.class)
                .orElse("");
        return Stream.of(COMMA.split(list.strip(), -1))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
