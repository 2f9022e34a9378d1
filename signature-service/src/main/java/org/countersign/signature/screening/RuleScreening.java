package org.countersign.signature.screening;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.signature.domain.signature.HeldByRule;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.support.network.TrustedProxies;
import org.springframework.stereotype.Component;

/**
 * Applies the rules of a petition to each sign call: first the block list, then the allow list, the hold list, the
 * disposable domains, the anomalies of an attack, the limits and the proof of work. A call that none of them holds is
 * watched for a minute if its petition has many calls of domains with one owner. It works in memory, and each call
 * takes the same work whatever the result.
 */
@Component
class RuleScreening implements SigningScreening {

    /** A petition with more calls of domains that have one owner is watched: the first burst is too small to matter. */
    private static final SigningLimit UNWATCHED = new SigningLimit(20, 10);

    private static final List<String> REASONS = List.of(
            "block-domain",
            "block-network",
            "hold-domain",
            "hold-network",
            "disposable",
            "anomaly-domain",
            "anomaly-network",
            "limit-domain",
            "limit-network",
            "limit-petition",
            HeldByRule.PROOF_OF_WORK,
            HeldByRule.WATCH_DOMAIN);

    private static final int IPV4_BYTES = 4;
    private static final int IPV4_PREFIX_BYTES = 3;
    private static final int IPV6_PREFIX_BYTES = 8;

    private final RuleBook book;
    private final DisposableDomains disposable;
    private final AttackScreening attacks;
    private final SharedLimits limits;
    private final MailDomains domains = new MailDomains();
    private final LimitExemptions exemptions;
    private final Map<String, Counter> held;

    RuleScreening(
            RuleBook book,
            DisposableDomains disposable,
            AttackScreening attacks,
            SharedLimits limits,
            LimitExemptions exemptions,
            MeterRegistry meters) {
        this.book = book;
        this.disposable = disposable;
        this.attacks = attacks;
        this.limits = limits;
        this.exemptions = exemptions;
        this.held = REASONS.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        reason -> Counter.builder("countersign.signings.held")
                                .description("sign calls that a rule held")
                                .tag("reason", reason)
                                .register(meters)));
    }

    @Override
    public Optional<String> heldBy(PetitionSlug petition, EmailAddress address, String client, boolean proved) {
        Optional<String> rule =
                judge(petition, address.domain(), TrustedProxies.address(client), proved, book.compiled(petition));
        rule.map(RuleScreening::reason).map(held::get).ifPresent(Counter::increment);
        return rule;
    }

    /** Returns the rule without the organiser's pattern. */
    private static String reason(String rule) {
        int pattern = rule.indexOf(':');
        return pattern < 0 ? rule : rule.substring(0, pattern);
    }

    private Optional<String> judge(
            PetitionSlug petition, String domain, Optional<InetAddress> client, boolean proved, CompiledRules rules) {
        Optional<String> blocked = rules.block().match(domain, client);
        if (blocked.isPresent()) {
            return blocked.map("block-"::concat);
        }
        if (rules.allow().match(domain, client).isPresent()) {
            return Optional.empty();
        }
        Optional<String> held = rules.hold().match(domain, client);
        if (held.isPresent()) {
            return held.map("hold-"::concat);
        }
        if (disposable.contains(domain)) {
            return Optional.of("disposable");
        }
        String registered = domains.registered(domain);
        boolean exempt = client.filter(exemptions::isExemptNetwork).isPresent();
        Optional<InetAddress> network = exempt ? Optional.empty() : client;
        boolean limitsDomain = !exempt && !domains.isShared(domain, registered) && !exemptions.isExemptDomain(domain);
        Optional<String> limited =
                limited(petition, limitsDomain ? Optional.of(registered) : Optional.empty(), network, rules.rules());
        Optional<String> anomaly = attacks.heldBy(petition, registered, client);
        if (anomaly.isPresent()) {
            return anomaly;
        }
        boolean lacksProof = !proved && !exempt && attacks.isUnderAttack(petition);
        return lacksProof
                        && limited.filter(rule -> !rule.equals(HeldByRule.WATCH_DOMAIN))
                                .isEmpty()
                ? Optional.of(HeldByRule.PROOF_OF_WORK)
                : limited;
    }

    /** Counts the call for all limits, also if one of them holds it. */
    private Optional<String> limited(
            PetitionSlug petition, Optional<String> domain, Optional<InetAddress> network, SigningRules rules) {
        boolean domainIsOver = domain.isPresent() && isOver(petition, "domain", domain.get(), rules.perDomain());
        // Without a limit per mail domain, the organiser wants no mail domain to be judged.
        boolean isWatched = domain.isPresent()
                && !domainIsOver
                && rules.perDomain().isPresent()
                && isOver(petition, "watch", "", Optional.of(UNWATCHED));
        boolean networkIsOver =
                network.isPresent() && isOver(petition, "network", prefix(network.get()), rules.perNetwork());
        boolean petitionIsOver = isOver(petition, "petition", "", rules.perPetition());
        if (domainIsOver) {
            return Optional.of("limit-domain");
        }
        if (networkIsOver) {
            return Optional.of("limit-network");
        }
        if (petitionIsOver) {
            return Optional.of("limit-petition");
        }
        return isWatched ? Optional.of(HeldByRule.WATCH_DOMAIN) : Optional.empty();
    }

    private boolean isOver(PetitionSlug petition, String kind, String value, Optional<SigningLimit> limit) {
        return limit.isPresent() && !limits.take(kind + "|" + petition + "|" + value, limit.get());
    }

    /** Returns the /24 network of an IPv4 address, and the /64 network of an IPv6 address. */
    private static String prefix(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(
                Arrays.copyOf(bytes, bytes.length == IPV4_BYTES ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES));
    }
}
