package org.countersign.signature.screening;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.support.network.NetworkList;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The networks and mail domains of the operator's own tools, which have no limits. */
@Component
public class LimitExemptions {

    private final NetworkList networks;
    private final OriginList domains;

    /**
     * Reads the settings.
     *
     * @param networks networks without limits
     * @param domains patterns of mail domains without limits
     */
    LimitExemptions(
            @Value("${countersign.limit.exempt:}") List<String> networks,
            @Value("${countersign.screening.exempt-domains:}") List<String> domains) {
        this.networks = NetworkList.parse("COUNTERSIGN_LIMIT_EXEMPT", networks);
        this.domains = patterns(domains);
    }

    private static OriginList patterns(List<String> given) {
        try {
            return new OriginList(new RuleList(
                    given.stream()
                            .filter(pattern -> !pattern.isBlank())
                            .map(pattern -> DomainGlob.parse(pattern).text())
                            .toList(),
                    List.of()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("COUNTERSIGN_SCREENING_EXEMPT_DOMAINS " + e.getMessage(), e);
        }
    }

    /** Returns whether a mail domain has no limits. */
    public boolean isExemptDomain(String domain) {
        return domains.match(domain, Optional.empty()).isPresent();
    }

    /** Returns whether a client has no limits. */
    public boolean isExemptNetwork(InetAddress client) {
        return networks.contains(client);
    }
}
