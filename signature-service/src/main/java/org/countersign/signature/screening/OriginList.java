package org.countersign.signature.screening;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.support.network.NetworkIndex;

/**
 * A list of rules that was prepared for many sign calls. Domains, patterns of subdomains and networks are looked up, so
 * that a long list costs a call no more than a short one. Other patterns are compared one after the other.
 */
final class OriginList {

    private static final String SUBDOMAINS = "*.";
    private static final int NONE = Integer.MAX_VALUE;

    /**
     * A pattern that is compared.
     *
     * @param place its place in the list
     * @param end the text after the last asterisk, with which each match ends
     */
    private record ComparedGlob(DomainGlob glob, int place, String end) {}

    private final List<String> domains;
    private final Set<String> exact = new HashSet<>();
    /** The place of each pattern such as *.evil.example, by evil.example. */
    private final Map<String, Integer> subdomains = new HashMap<>();

    private final List<ComparedGlob> compared = new ArrayList<>();
    private final NetworkIndex networks;

    OriginList(RuleList list) {
        domains = list.domains();
        for (int place = 0; place < domains.size(); place++) {
            add(new DomainGlob(domains.get(place)), place);
        }
        networks = NetworkIndex.parse("networks", list.networks());
    }

    private void add(DomainGlob glob, int place) {
        String text = glob.text();
        if (glob.isExact()) {
            exact.add(text);
        } else if (text.startsWith(SUBDOMAINS) && text.lastIndexOf('*') == 0) {
            subdomains.putIfAbsent(text.substring(SUBDOMAINS.length()), place);
        } else {
            compared.add(new ComparedGlob(glob, place, text.substring(text.lastIndexOf('*') + 1)));
        }
    }

    /** Returns the first entry that matches, for example {@code domain:*.evil.example}: a domain before patterns. */
    Optional<String> match(String domain, Optional<InetAddress> client) {
        if (exact.contains(domain)) {
            return Optional.of("domain:" + domain);
        }
        int place = firstPattern(domain);
        if (place != NONE) {
            return Optional.of("domain:" + domains.get(place));
        }
        return client.flatMap(networks::find).map(text -> "network:" + text);
    }

    private int firstPattern(String domain) {
        int first = NONE;
        if (!subdomains.isEmpty()) {
            for (int dot = domain.indexOf('.', 1); dot > 0; dot = domain.indexOf('.', dot + 1)) {
                first = Math.min(first, subdomains.getOrDefault(domain.substring(dot + 1), NONE));
            }
        }
        for (ComparedGlob other : compared) {
            if (other.place() > first) {
                break;
            }
            if (domain.endsWith(other.end()) && other.glob().matches(domain)) {
                return other.place();
            }
        }
        return first;
    }
}
