package org.countersign.signature.signals;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.countersign.support.network.AddressLiteral;

/** A network whose sign calls an organiser looks for, as the units of networks for which signals have hashes. */
public final class SignalNetwork {

    private static final int IPV4_UNIT = 24;
    private static final int IPV6_UNIT = 64;
    private static final int IPV6_SITE = 48;
    private static final int IPV4_BITS = 32;
    /** A network is at most this many units. */
    private static final int MAX_UNIT_BITS = 8;

    private final List<byte[]> prefixes;

    private SignalNetwork(List<byte[]> prefixes) {
        this.prefixes = prefixes;
    }

    /**
     * Parses an address or a network in CIDR notation. An address, and a network smaller than a unit, becomes the unit:
     * the IPv4 /24 or the IPv6 /64.
     *
     * @throws IllegalArgumentException if it is neither, or larger than an IPv4 /16 or IPv6 /40, or an IPv6 network
     *     between /48 and /56; the message continues the name of the field
     */
    public static SignalNetwork parse(String text) {
        String[] parts = text.strip().split("/", -1);
        byte[] address = AddressLiteral.parse(parts[0])
                .map(InetAddress::getAddress)
                .filter(literal -> parts.length <= 2)
                .orElseThrow(SignalNetwork::invalid);
        int bits = address.length * Byte.SIZE;
        int length = parts.length == 1 ? bits : length(parts[1], bits);
        int unit = bits == IPV4_BITS ? IPV4_UNIT : length <= IPV6_SITE ? IPV6_SITE : IPV6_UNIT;
        int missing = Math.max(0, unit - length);
        if (missing > MAX_UNIT_BITS) {
            throw new IllegalArgumentException(
                    "must be an IPv4 network from /16 to /32, or an IPv6 network from /40 to /48 or from /56 to /128");
        }
        return new SignalNetwork(units(address, unit, missing));
    }

    private static int length(String text, int bits) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > bits) {
            throw invalid();
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "must be an address or a network such as 203.0.113.0/24, 2001:db8:1:2::/64 or 2001:db8:1::/48");
    }

    /** Returns the first bytes of all units whose addresses differ from the given one in the last bits only. */
    private static List<byte[]> units(byte[] address, int unit, int missing) {
        byte[] prefix = Arrays.copyOf(address, unit / Byte.SIZE);
        BigInteger first = new BigInteger(1, prefix).shiftRight(missing).shiftLeft(missing);
        return IntStream.range(0, 1 << missing)
                .mapToObj(number -> bytes(first.add(BigInteger.valueOf(number)), prefix.length))
                .toList();
    }

    private static byte[] bytes(BigInteger value, int length) {
        byte[] minimal = value.toByteArray();
        byte[] bytes = new byte[length];
        int copied = Math.min(length, minimal.length);
        System.arraycopy(minimal, minimal.length - copied, bytes, length - copied, copied);
        return bytes;
    }

    /** Returns the first bytes of each unit, as many as its prefix has. */
    List<byte[]> prefixes() {
        return prefixes;
    }

    /** Returns the number of units. */
    public int units() {
        return prefixes.size();
    }

    /** Hides the network. */
    @Override
    public String toString() {
        return "SignalNetwork[…]";
    }
}
