package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class AddressRulesTest {
    private final AddressRules rules =
            new AddressRules("127.0.0.2, fe80::1", "127.0.0.0/8,169.254.0.0/16,10.128.0.0/9,fe80::/10,::/127");

    private String denies(String address) throws UnknownHostException {
        return rules.denies(InetAddress.getByName(address));
    }

    @Test
    void denies_byNetwork_andWhatIsAllowedIsNot() throws UnknownHostException {
        assertThat(denies("127.0.0.1")).isEqualTo("127.0.0.0/8");
        assertThat(denies("127.0.0.2")).isEmpty();
        assertThat(denies("169.254.169.254")).isEqualTo("169.254.0.0/16");
        assertThat(denies("10.127.255.255")).isEmpty();
        assertThat(denies("10.128.0.0")).isEqualTo("10.128.0.0/9");
        assertThat(denies("::1")).isEqualTo("::/127");
        assertThat(denies("::2")).isEmpty();
        assertThat(denies("fe80::2")).isEqualTo("fe80::/10");
        assertThat(denies("fe80::1")).isEmpty();
        assertThat(denies("::ffff:127.0.0.1"))
                .as("an IPv4 address in other clothes")
                .isEqualTo("127.0.0.0/8");
    }

    @Test
    void whatIsNoNetwork_isRefused() {
        for (String bad : new String[] {"example.org", "10.0.0.0/33", "10.0.0.0/x", "::/129", "/8"}) {
            assertThatThrownBy(() -> new AddressRules("", bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad);
        }
    }
}
