package org.countersign.support.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses literal addresses. It never asks a name server. */
public final class AddressLiteral {

    private static final int IPV4_BYTES = 4;
    private static final int MAX_OCTET = 255;
    private static final int MAX_PORT_DIGITS = 5;
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
        byte[] ipv4 = ipv4(plain);
        if (ipv4 != null) {
            return Optional.of(address(ipv4));
        }
        Matcher brackets = BRACKETS.matcher(plain);
        String ipv6 = brackets.matches() ? brackets.group(1) : withoutZone(plain);
        return IPV6.matcher(ipv6).matches() ? literal(ipv6) : Optional.empty();
    }

    /** Every request needs this. A regular expression would take a hundredth of the time of a sign call. */
    private static byte @Nullable [] ipv4(String text) {
        byte[] address = new byte[IPV4_BYTES];
        int at = 0;
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0 && (at == text.length() || text.charAt(at++) != '.')) {
                return null;
            }
            int start = at;
            int octet = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && octet <= MAX_OCTET) {
                octet = octet * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at > start + 1 && text.charAt(start) == '0';
            if (at == start || leadingZero || octet > MAX_OCTET) {
                return null;
            }
            address[i] = (byte) octet;
        }
        return at == text.length() || isPort(text, at) ? address : null;
    }

    private static boolean isPort(String text, int from) {
        int digits = text.length() - from - 1;
        return text.charAt(from) == ':'
                && digits >= 1
                && digits <= MAX_PORT_DIGITS
                && text.chars().skip(from + 1L).allMatch(AddressLiteral::isDigit);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An IPv4 address has four bytes", e);
        }
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
