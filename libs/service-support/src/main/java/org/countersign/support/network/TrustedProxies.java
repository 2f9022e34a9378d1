package org.countersign.support.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Finds the address of a client behind proxies.
 *
 * <p>Each proxy appends its client's address to {@code X-Forwarded-For}. The service trusts only entries of trusted
 * proxies. It therefore reads the list from its end. It ignores the header {@code Forwarded}, because common proxies
 * forward the client's value.
 */
public final class TrustedProxies {

    private final NetworkList networks;

    /** @param networks the networks of the proxies */
    public TrustedProxies(NetworkList networks) {
        this.networks = networks;
    }

    /** Returns whether no proxy is trusted. */
    boolean isEmpty() {
        return networks.isEmpty();
    }

    /** Returns whether a proxy at this address is trusted. */
    public boolean contains(InetAddress proxy) {
        return networks.contains(proxy);
    }

    /**
     * Returns the client's address.
     *
     * @param peer the address of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}, in the order of the request
     */
    InetAddress client(InetAddress peer, List<String> forwardedFor) {
        InetAddress client = peer;
        String chain = String.join(",", forwardedFor);
        for (int end = chain.length(); end > 0 && networks.contains(client); ) {
            int comma = chain.lastIndexOf(',', end - 1);
            Optional<InetAddress> previous = AddressLiteral.parse(chain.substring(comma + 1, end));
            if (previous.isEmpty()) {
                return client;
            }
            client = previous.get();
            end = comma;
        }
        return client;
    }

    /**
     * Parses the address of a connection or a client.
     *
     * @return empty if the text is not a literal address
     */
    public static Optional<InetAddress> address(String text) {
        return AddressLiteral.parse(text);
    }
}
