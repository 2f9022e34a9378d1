package org.countersign.signature.api;

import java.util.List;
import org.countersign.signature.application.Attacks;
import org.countersign.signature.signals.AttackReports.KnownAttack;
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

    /** Returns the attacks that a case can name. */
    @GetMapping("/api/petitions/{petition}/attacks")
    List<KnownAttack> attacks(@PathVariable String petition) {
        return attacks.all(petition);
    }

    @GetMapping("/api/petitions/{petition}/attack")
    PetitionAttack attack(@PathVariable String petition) {
        return attacks.of(petition);
    }
}
