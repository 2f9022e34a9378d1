package org.countersign.support.credentials;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.countersign.support.network.AddressLiteral;

/** The network of a client: the unit of limits, and a shorter prefix for logs that need no single address. */
public final class NetworkPrefix {

    private static final int IPV4_BYTES = 4;

    private NetworkPrefix() {}

    /**
     * Returns the network that one customer has: an IPv4 address, or a /64 network of IPv6.
     *
     * @param address the address of a client, as the servlet container gives it
     */
    public static String ofLimits(String address) {
        return prefix(address, 32, 64);
    }

    /**
     * Returns a network with many customers, /24 of IPv4 or /48 of IPv6, so that an entry does not single out a person.
     *
     * @param address the address of a client, as the servlet container gives it
     */
    public static String ofLogs(String address) {
        return prefix(address, 24, 48);
    }

    private static String prefix(String address, int ipv4Bits, int ipv6Bits) {
        byte[] bytes =
                AddressLiteral.parse(address).map(InetAddress::getAddress).orElse(new byte[0]);
        if (bytes.length == 0) {
            return "unknown";
        }
        int bits = bytes.length == IPV4_BYTES ? ipv4Bits : ipv6Bits;
        Arrays.fill(bytes, bits / 8, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }
}
