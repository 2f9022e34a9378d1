package org.countersign.signature.application;

import java.time.Clock;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SigningRules;
import org.countersign.signature.domain.petition.PetitionCommand.ChangeSigningRules;
import org.countersign.signature.screening.RuleBook;
import org.springframework.stereotype.Service;

/** Reads and changes the signing rules of petitions. */
@Service
public class RuleChanges {

    private final Petitions petitions;
    private final CommandDispatcher commands;
    private final RuleBook book;
    private final Clock clock;

    RuleChanges(Petitions petitions, CommandDispatcher commands, RuleBook book, Clock clock) {
        this.petitions = petitions;
        this.commands = commands;
        this.book = book;
        this.clock = clock;
    }

    /**
     * Returns the rules of a petition.
     *
     * @param slug the slug as the caller gave it
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public SigningRules of(String slug) {
        return book.of(petitions.get(slug).slug());
    }

    /**
     * Replaces the rules of a petition. They apply at once on this instance, and within a second on the others.
     *
     * @param slug the slug as the caller gave it
     * @param form the unvalidated request
     * @param actor the user name of the organiser's login
     * @return the rules from now on
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public SigningRules change(String slug, SigningRulesForm form, String actor) {
        PetitionSlug petition = petitions.get(slug).slug();
        SigningRulesForm.ValidRules valid = form.validate();
        commands.send(new ChangeSigningRules(petition, clock.instant(), actor, valid.reason(), valid.rules()));
        book.refresh();
        return book.of(petition);
    }
}
