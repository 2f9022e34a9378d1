package org.countersign.signature.signals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionSlug;
import org.springframework.stereotype.Component;

/** Tells organisers about the attack on a petition. */
@Component
public class AttackReports {

    private static final int MAX_LISTED = 100;

    private static final int MAX_ATTACKS = 100;

    private final AttackStore store;
    private final SignalStore signals;

    AttackReports(AttackStore store, SignalStore signals) {
        this.store = store;
        this.signals = signals;
    }

    /**
     * Whether a petition is under attack.
     *
     * @param since when the attack began; empty if there is none
     * @param anomalies what its sign calls have in common, the largest first
     */
    public record PetitionAttack(boolean underAttack, Optional<Instant> since, List<ReportedAnomaly> anomalies) {}

    /**
     * An anomaly without the hash of its domain or network.
     *
     * @param kind for example {@code domain}
     * @param share the share of sign calls that match, from 0 to 1
     * @param calls the largest number of calls that matched at a time
     * @param held the number of those that a rule held
     */
    public record ReportedAnomaly(String kind, double share, int calls, int held) {}

    /**
     * An attack on a petition.
     *
     * @param since when it was found, which tells it from others
     * @param until when it ended; empty if it lasts
     * @param kinds the kinds of its anomalies, that of the largest first
     */
    public record KnownAttack(Instant since, Optional<Instant> until, List<String> kinds) {}

    /** Returns the attacks on a petition that are not forgotten with their signals, the newest first. */
    public List<KnownAttack> all(PetitionSlug petition) {
        return store.all(petition, MAX_ATTACKS).stream()
                .map(attack -> new KnownAttack(
                        attack.since(),
                        attack.until(),
                        store.anomalies(petition, attack.since()).stream()
                                .map(anomaly -> anomaly.kind().text())
                                .distinct()
                                .toList()))
                .toList();
    }

    /**
     * Returns what tells the sign calls of an attack from others.
     *
     * @param since when the attack was found
     * @return empty if there is no such attack, or if it is forgotten
     */
    public Optional<AttackSigns> signs(PetitionSlug petition, Instant since) {
        return store.all(petition, MAX_ATTACKS).stream()
                .filter(attack -> attack.since().equals(since))
                .findFirst()
                .map(attack -> new AttackSigns(
                        since.minus(CallHistory.LONG_WINDOW),
                        attack.until().orElse(Instant.MAX),
                        store.anomalies(petition, since),
                        signals.allKeys()));
    }

    /** Reports the attack on a petition. */
    public PetitionAttack of(PetitionSlug petition) {
        Optional<Instant> since = store.since(petition);
        List<ReportedAnomaly> anomalies = since.isEmpty()
                ? List.of()
                : store.anomalies(petition, MAX_LISTED).stream()
                        .map(anomaly -> new ReportedAnomaly(
                                anomaly.kind().text(), anomaly.share(), anomaly.calls(), anomaly.held()))
                        .toList();
        return new PetitionAttack(since.isPresent(), since, anomalies);
    }
}
