package org.countersign.signature.screening;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.support.network.NetworkList;

/** A list of rules that was prepared for many sign calls. */
final class OriginList {

    private record NetworkEntry(String text, NetworkList network) {}

    private final Set<String> exact = new HashSet<>();
    private final List<DomainGlob> globs;
    private final List<NetworkEntry> networks;

    OriginList(RuleList list) {
        List<DomainGlob> all = list.domains().stream().map(DomainGlob::new).toList();
        all.stream().filter(DomainGlob::isExact).map(DomainGlob::text).forEach(exact::add);
        globs = all.stream().filter(glob -> !glob.isExact()).toList();
        networks = list.networks().stream()
                .map(text -> new NetworkEntry(text, NetworkList.parse("networks", List.of(text))))
                .toList();
    }

    /** Returns the entry that matches, for example {@code domain:*.evil.example}. */
    Optional<String> match(String domain, Optional<InetAddress> client) {
        if (exact.contains(domain)) {
            return Optional.of("domain:" + domain);
        }
        for (DomainGlob glob : globs) {
            if (glob.matches(domain)) {
                return Optional.of("domain:" + glob.text());
            }
        }
        return client.flatMap(this::network).map(text -> "network:" + text);
    }

    private Optional<String> network(InetAddress client) {
        return networks.stream()
                .filter(entry -> entry.network().contains(client))
                .map(NetworkEntry::text)
                .findFirst();
    }
}
