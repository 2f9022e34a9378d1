package org.countersign.signature.api;

import org.countersign.signature.application.Attacks;
import org.countersign.signature.signals.AttackReports.PetitionAttack;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells organisers whether a petition is under attack. */
@RestController
class AttackController {

    private final Attacks attacks;

    AttackController(Attacks attacks) {
        this.attacks = attacks;
    }

    @GetMapping("/api/petitions/{petition}/attack")
    PetitionAttack attack(@PathVariable String petition) {
        return attacks.of(petition);
    }
}
