package org.countersign.events;

import java.time.Instant;
import java.util.List;

/**
 * The sign calls of a petition look like an attack. At most one event an hour tells so. It is not public: it would tell
 * an attacker what was noticed. It names no mail domain and no network.
 *
 * @param petition the petition
 * @param at when it was detected
 * @param anomalies what the calls have in common, the largest share first
 */
public record SigningAttackDetected(PetitionSlug petition, Instant at, List<AttackAnomaly> anomalies)
        implements PetitionEvent {

    public SigningAttackDetected {
        anomalies = List.copyOf(anomalies);
    }

    /**
     * What many sign calls have in common.
     *
     * @param kind for example {@code domain}
     * @param percent the share of the calls that match, in percent
     */
    public record AttackAnomaly(String kind, long percent) {}
}
