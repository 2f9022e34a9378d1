package org.countersign.signature.api;

import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.proof.ProofChallenge;
import org.countersign.signature.proof.ProofOfWork;
import org.countersign.signature.screening.AttackScreening;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Gives challenges to signers while a petition is under attack. */
@RestController
class ChallengeController {

    private final Petitions petitions;
    private final AttackScreening attacks;
    private final ProofOfWork proofs;

    ChallengeController(Petitions petitions, AttackScreening attacks, ProofOfWork proofs) {
        this.petitions = petitions;
        this.attacks = attacks;
        this.proofs = proofs;
    }

    /** Returns a challenge, or 204 if a sign call needs no proof of work now. */
    @GetMapping("/api/petitions/{petition}/challenge")
    ResponseEntity<ProofChallenge> challenge(@PathVariable String petition) {
        PetitionSlug slug = petitions.get(petition).slug();
        return attacks.isUnderAttack(slug)
                ? ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(proofs.challenge(slug))
                : ResponseEntity.noContent()
                        .cacheControl(CacheControl.noStore())
                        .build();
    }
}
