package org.countersign.signature.application;

import java.util.List;
import org.countersign.signature.signals.AttackReports;
import org.countersign.signature.signals.AttackReports.KnownAttack;
import org.countersign.signature.signals.AttackReports.PetitionAttack;
import org.springframework.stereotype.Service;

/** The attacks on petitions, for organisers. */
@Service
public class Attacks {

    private final Petitions petitions;
    private final AttackReports reports;

    Attacks(Petitions petitions, AttackReports reports) {
        this.petitions = petitions;
        this.reports = reports;
    }

    /**
     * Returns the attacks on a petition that are not forgotten with their signals, the newest first.
     *
     * @param slug the slug as the caller gave it
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public List<KnownAttack> all(String slug) {
        return reports.all(petitions.get(slug).slug());
    }

    /**
     * Tells whether a petition is under attack, and what the sign calls of the attack have in common.
     *
     * @param slug the slug as the caller gave it
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public PetitionAttack of(String slug) {
        return reports.of(petitions.get(slug).slug());
    }
}
