package org.countersign.support.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses literal addresses. It never asks a name server. */
public final class AddressLiteral {

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "(?:\\." + OCTET + "){3})(?::\\d{1,5})?");
    /** Java asks no name server for a text of these characters with a colon. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    /** An address in brackets, with or without a zone and a port. */
    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\]%]*)(?:%[^\\]]*)?](?::\\d{1,5})?");

    private static final int MAX_LENGTH = 100;

    private AddressLiteral() {}

    /**
     * Parses an address as a socket or a proxy writes it.
     *
     * <p>A port, brackets and a zone are ignored. An IPv4 address in an IPv6 address ({@code ::ffff:192.0.2.1}) becomes
     * the IPv4 address.
     *
     * @return empty if the text is not an address
     */
    public static Optional<InetAddress> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String plain = text.strip();
        Matcher ipv4 = IPV4.matcher(plain);
        if (ipv4.matches()) {
            return literal(ipv4.group(1));
        }
        Matcher brackets = BRACKETS.matcher(plain);
        String ipv6 = brackets.matches() ? brackets.group(1) : withoutZone(plain);
        return IPV6.matcher(ipv6).matches() ? literal(ipv6) : Optional.empty();
    }

    private static String withoutZone(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
