package io.auspex.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClientAddressTest {
    private static final Set<String> PROXIES = Set.of("10.0.0.1", "10.0.0.2");

    @Test
    void behind_believesTrustedProxiesOnly() {
        assertThat(ClientAddress.behind("10.0.0.1", "203.0.113.9", PROXIES)).isEqualTo("203.0.113.9");
        assertThat(ClientAddress.behind("192.0.2.4", "203.0.113.9", PROXIES)).isEqualTo("192.0.2.4");
    }

    @Test
    void behind_takesTheNearestUntrustedHop_notWhatTheClientClaims() {
        assertThat(ClientAddress.behind("10.0.0.1", "127.0.0.1, 203.0.113.9, 10.0.0.2", PROXIES))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void behind_staysAtTheProxy_whenTheHeaderIsNoAddress() {
        assertThat(ClientAddress.behind("10.0.0.1", "<script>", PROXIES)).isEqualTo("10.0.0.1");
        assertThat(ClientAddress.behind("10.0.0.1", "", PROXIES)).isEqualTo("10.0.0.1");
    }
}
