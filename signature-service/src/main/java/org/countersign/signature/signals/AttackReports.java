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

    private final AttackStore store;

    AttackReports(AttackStore store) {
        this.store = store;
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
