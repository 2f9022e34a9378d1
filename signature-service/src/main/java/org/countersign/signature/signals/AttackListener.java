package org.countersign.signature.signals;

import java.util.List;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.signals.AttackReports.ReportedAnomaly;

/** Learns of attacks that begin. */
@FunctionalInterface
public interface AttackListener {

    /**
     * Called when an attack begins, and again if that fails.
     *
     * @param petition the petition
     * @param anomalies what its sign calls have in common
     */
    void attackBegins(PetitionSlug petition, List<ReportedAnomaly> anomalies);
}
