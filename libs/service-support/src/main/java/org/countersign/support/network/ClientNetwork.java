package org.countersign.support.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * The network of one client: an IPv4 address, or the /64 network of an IPv6 address. An IPv6 customer has a whole /64
 * network, so limits apply to the network.
 *
 * @param ipv6 whether the address is an IPv6 address
 * @param prefix the IPv4 address, or the first 64 bits of the IPv6 address
 */
public record ClientNetwork(boolean ipv6, long prefix) {

    private static final int IPV4_BYTES = 4;

    /** Returns the network of an address. */
    public static ClientNetwork of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == IPV4_BYTES
                ? new ClientNetwork(false, ByteBuffer.wrap(bytes).getInt())
                : new ClientNetwork(true, ByteBuffer.wrap(bytes).getLong());
    }
}
