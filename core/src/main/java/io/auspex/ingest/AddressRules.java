package io.auspex.ingest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which addresses the server connects to for a tenant: what is allowed by name, else what is not denied. */
public final class AddressRules {
    private final List<Network> allowed;
    private final List<Network> denied;

    /** An address and how many of its first bits count. */
    private record Network(byte[] address, int bits, String text) {
        static Network of(String cidr) {
            int slash = cidr.indexOf('/');
            String host = slash < 0 ? cidr : cidr.substring(0, slash);
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                throw new IllegalArgumentException("'" + cidr + "' is not an address or network");
            }
            try {
                byte[] address = InetAddress.getByName(host).getAddress();
                int bits = slash < 0 ? address.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
                if (bits < 0 || bits > address.length * 8) {
                    throw new IllegalArgumentException("'" + cidr + "' has a prefix that is too long");
                }
                return new Network(address, bits, cidr);
            } catch (UnknownHostException | NumberFormatException e) {
                throw new IllegalArgumentException("'" + cidr + "' is not an address or network", e);
            }
        }

        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @throws IllegalArgumentException for what is no comma-separated list of networks */
    public AddressRules(String allow, String deny) {
        allowed = networks(allow);
        denied = networks(deny);
    }

    private static List<Network> networks(String list) {
        List<Network> networks = new ArrayList<>();
        Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .forEach(word -> networks.add(Network.of(word)));
        return networks;
    }

    /** The network by which an address is denied; empty when it may be connected to. */
    public String denies(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (allowed.stream().anyMatch(network -> network.holds(bytes))) {
            return "";
        }
        return denied.stream()
                .filter(network -> network.holds(bytes))
                .map(Network::text)
                .findFirst()
                .orElse("");
    }
}
