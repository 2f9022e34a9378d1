package org.countersign.support.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A list of networks in CIDR notation, for example {@code 10.0.0.0/8} and {@code ::1}. */
public final class NetworkList {

    /** The loopback networks. */
    public static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    /** A network. The bits after the prefix may be set. */
    record Network(byte[] address, int prefixLength) {

        private boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int wholeBytes = prefixLength / Byte.SIZE;
            int bits = prefixLength % Byte.SIZE;
            return Arrays.equals(address, 0, wholeBytes, other, 0, wholeBytes)
                    && (bits == 0 || (address[wholeBytes] ^ other[wholeBytes]) >> (Byte.SIZE - bits) == 0);
        }
    }

    private final List<Network> networks;

    private NetworkList(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Parses a list. Empty entries are ignored.
     *
     * @param variable the environment variable that contains the list, for the error
     * @throws IllegalArgumentException if an entry is not a network
     */
    public static NetworkList parse(String variable, List<String> entries) {
        List<Network> networks = new ArrayList<>();
        for (String entry : entries) {
            if (!entry.isBlank()) {
                networks.add(network(variable, entry.strip()));
            }
        }
        return new NetworkList(networks);
    }

    /**
     * Parses a network.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Network network(String variable, String entry) {
        int slash = entry.indexOf('/');
        byte[] address = AddressLiteral.parse(slash < 0 ? entry : entry.substring(0, slash))
                .orElseThrow(() -> invalid(variable, entry))
                .getAddress();
        int bits = address.length * Byte.SIZE;
        if (slash < 0) {
            return new Network(address, bits);
        }
        String length = entry.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
            throw invalid(variable, entry);
        }
        return new Network(address, Integer.parseInt(length));
    }

    private static IllegalArgumentException invalid(String variable, String entry) {
        return new IllegalArgumentException(variable + " contains \"" + entry
                + "\", which is not a network. Use addresses and CIDR networks with commas, such as 10.0.0.0/8,::1.");
    }

    /** Returns whether the list contains no network. */
    boolean isEmpty() {
        return networks.isEmpty();
    }

    /** Returns whether the address is in one of the networks. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    /** Tells whether an address as text is in one of the networks. Other text is in none. */
    public boolean containsLiteral(String address) {
        return AddressLiteral.parse(address).filter(this::contains).isPresent();
    }
}
