package org.countersign.signature.signals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.screening.MailDomains;
import org.countersign.signature.signals.Anomaly.Kind;
import org.countersign.signature.signals.DayKeys.SignalKey;

/**
 * Compares signatures with the anomalies of an attack. The mail domain of a signature is hashed under the key of the
 * anomaly, as that of a sign call is. Networks are compared by signals.
 *
 * <p>What addresses and form times have in common tells no caller from another. They decide only if the attack has
 * neither a domain nor a network.
 */
public final class AttackSigns {

    private static final MailDomains DOMAINS = new MailDomains();

    private final Instant from;
    private final Instant to;
    private final Map<LocalDate, Set<Long>> domains;
    private final List<SignalKey> keys;
    private final Set<NetworkHash> networks;
    private final boolean generated;
    private final boolean fast;

    /**
     * @param from the begin of the hour in which the anomalies were found first
     * @param to the end of the attack
     * @param keys the keys of all days
     */
    AttackSigns(Instant from, Instant to, List<Anomaly> anomalies, List<SignalKey> keys) {
        this.from = from;
        this.to = to;
        this.domains = anomalies.stream()
                .filter(anomaly -> anomaly.kind() == Kind.DOMAIN)
                .collect(Collectors.groupingBy(Anomaly::day, Collectors.mapping(Anomaly::key, Collectors.toSet())));
        this.keys = keys.stream().filter(key -> domains.containsKey(key.day())).toList();
        this.networks = anomalies.stream()
                .filter(anomaly -> anomaly.kind() == Kind.NETWORK)
                .map(anomaly -> new NetworkHash(anomaly.day(), anomaly.key()))
                .collect(Collectors.toUnmodifiableSet());
        boolean vague = domains.isEmpty() && networks.isEmpty();
        this.generated = vague && anomalies.stream().anyMatch(anomaly -> anomaly.kind() == Kind.GENERATED);
        this.fast = vague && anomalies.stream().anyMatch(anomaly -> anomaly.kind() == Kind.FORM_TIME);
    }

    /** Tells whether a form was sent during the attack, or in the hour in which it was found. */
    public boolean isDuring(Instant form) {
        return !form.isBefore(from) && form.isBefore(to);
    }

    /** Tells whether signals are needed. The mail domain is compared without them. */
    public boolean needsSignals() {
        return !networks.isEmpty() || generated || fast;
    }

    /**
     * Tells whether a signature matches an anomaly.
     *
     * @param signals the signals of its sign call; empty if they are gone
     * @param address opens the signer's address; empty if it was erased
     */
    public boolean matches(Optional<FormSignals> signals, Supplier<Optional<EmailAddress>> address) {
        return signals.filter(this::isSuspicious).isPresent()
                || !keys.isEmpty()
                        && address.get()
                                .map(EmailAddress::domain)
                                .map(DOMAINS::registered)
                                .filter(this::isOfTheAttack)
                                .isPresent();
    }

    private boolean isSuspicious(FormSignals signals) {
        return signals.isFrom(networks)
                || generated && signals.generated()
                || fast && signals.isFasterThan(CallCounts.SHORT_FORM_SECONDS);
    }

    private boolean isOfTheAttack(String registered) {
        return keys.stream()
                .anyMatch(key ->
                        domains.getOrDefault(key.day(), Set.of()).contains(SignalHashes.domain(key, registered)));
    }
}
