package org.countersign.signature.screening;

import java.util.List;
import java.util.Optional;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.TrustedProxies;
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
        this.domains = RuleScreening.exemptDomains(domains);
    }

    /** Returns whether a mail domain has no limits. */
    public boolean isExemptDomain(String domain) {
        return domains.match(domain, Optional.empty()).isPresent();
    }

    /**
     * Returns whether a client has no limits.
     *
     * @param client the client's address as text
     */
    public boolean isExemptNetwork(String client) {
        return TrustedProxies.address(client).filter(networks::contains).isPresent();
    }
}
