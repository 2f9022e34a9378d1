package org.countersign.signature.screening;

import java.util.List;
import org.countersign.support.network.NetworkList;
import org.jspecify.annotations.Nullable;

/** The syntax of the entries of signing rules. */
public final class RuleSyntax {

    private RuleSyntax() {}

    /**
     * Returns a pattern of mail domains in lower case.
     *
     * @throws IllegalArgumentException if it is none; the message continues the name of the field
     */
    public static String domain(@Nullable String entry) {
        return DomainGlob.parse(entry).text();
    }

    /**
     * Returns an address or a network in CIDR notation.
     *
     * @throws IllegalArgumentException if it is none; the message continues the name of the field
     */
    public static String network(@Nullable String entry) {
        String network = entry == null ? "" : entry.strip();
        try {
            if (!network.isEmpty()) {
                NetworkList.parse("networks", List.of(network));
                return network;
            }
        } catch (IllegalArgumentException e) {
            // The message of the parser is about an environment variable.
        }
        throw new IllegalArgumentException("must be an address or a network such as 203.0.113.0/24 or 2001:db8::/32");
    }
}
