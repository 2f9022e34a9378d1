package org.countersign.notifier.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Rejects webhook targets in private networks. It checks the address that the connection uses. A DNS name can therefore
 * not change between check and call.
 */
@Component
class WebhookTargetPolicy implements DnsResolver {

    /** The target is in a private network. */
    static class ForbiddenTargetException extends RuntimeException {
        ForbiddenTargetException() {
            super("must not point into a private network");
        }
    }

    private final boolean loopbackAllowed;

    WebhookTargetPolicy(@Value("${countersign.webhook.allow-loopback}") boolean loopbackAllowed) {
        this.loopbackAllowed = loopbackAllowed;
    }

    /** @throws ForbiddenTargetException if the target's name resolves to an address in a private network */
    void requireAllowed(URI url) {
        try {
            resolve(url.getHost());
        } catch (UnknownHostException e) {
            // The name may be created later. Each call resolves it again.
            return;
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(plain);
        for (InetAddress address : addresses) {
            if (!isAllowed(address)) {
                throw new ForbiddenTargetException();
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    boolean isAllowed(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return loopbackAllowed;
        }
        return !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && !isPrivate(address);
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            // Shared address space (RFC 6598), "this network", protocol assignments, benchmarking (RFC 6890), reserved.
            return first == 0
                    || first == 100 && second >= 64 && second < 128
                    || first == 192 && second == 0 && bytes[2] == 0
                    || first == 198 && (second == 18 || second == 19)
                    || first >= 240;
        }
        // Unique local addresses (RFC 4193), and forms that contain an IPv4 address: NAT64, 6to4, IPv4-compatible.
        return (first & 0xfe) == 0xfc
                || first == 0x00
                || first == 0x20 && second == 0x02
                || address instanceof Inet6Address v6 && v6.isIPv4CompatibleAddress();
    }
}
