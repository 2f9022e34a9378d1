package org.countersign.signature.signals;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.countersign.signature.signals.DayKeys.SignalKey;

/** Makes the keyed hashes of networks and mail domains. */
final class SignalHashes {

    /** In place of the hash of a network that is unknown or exempt from limits. */
    static final long NONE = 0;

    /** In place of the hash of a network block that is unknown. */
    static final int NO_BLOCK = 0;

    private static final String DOMAIN = "domain";
    private static final String NETWORK = "network";
    private static final String BLOCK = "block";
    private static final int IPV4_BYTES = 4;
    private static final int IPV4_PREFIX_BYTES = 3;
    private static final int IPV6_PREFIX_BYTES = 8;
    private static final int IPV6_SITE_BYTES = 6;
    private static final int IPV4_BLOCK_BYTES = 2;
    private static final int IPV6_BLOCK_BYTES = 4;

    private SignalHashes() {}

    /**
     * The hashes of a client's networks.
     *
     * @param network that of the IPv4 /24 or IPv6 /64
     * @param wider that of the IPv4 /24 or IPv6 /48
     * @param block that of the IPv4 /16 or IPv6 /32, in 16 bits
     */
    record HashedNetworks(long network, long wider, int block) {

        /** HashedNetworks that are unknown or exempt from limits. */
        static final HashedNetworks NONE = new HashedNetworks(SignalHashes.NONE, SignalHashes.NONE, NO_BLOCK);
    }

    /** Returns the hash of a registered domain. */
    static long domain(SignalKey key, String registered) {
        return key.hash(DOMAIN, registered.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the hashes of a client's networks, {@link #NONE} if the address is unknown.
     *
     * @param client the client's address
     */
    static HashedNetworks networks(SignalKey key, Optional<InetAddress> client) {
        Optional<byte[]> address = client.map(InetAddress::getAddress);
        if (address.isEmpty()) {
            return HashedNetworks.NONE;
        }
        if (address.get().length == IPV4_BYTES) {
            long network = prefix(key, address.get(), IPV4_PREFIX_BYTES);
            return new HashedNetworks(network, network, block(key, address.get(), IPV4_BLOCK_BYTES));
        }
        return new HashedNetworks(
                prefix(key, address.get(), IPV6_PREFIX_BYTES),
                prefix(key, address.get(), IPV6_SITE_BYTES),
                block(key, address.get(), IPV6_BLOCK_BYTES));
    }

    private static long prefix(SignalKey key, byte[] address, int bytes) {
        return network(key, Arrays.copyOf(address, bytes));
    }

    /** Returns the hash of a network whose prefix is whole bytes. */
    static long network(SignalKey key, byte[] prefix) {
        return key.hash(NETWORK, prefix);
    }

    private static int block(SignalKey key, byte[] address, int bytes) {
        short hash = (short) key.hash(BLOCK, Arrays.copyOf(address, bytes));
        return hash == NO_BLOCK ? 1 : hash;
    }
}
