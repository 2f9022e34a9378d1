package org.countersign.signature.application;

import java.time.Clock;
import java.util.List;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.petition.NoticeVersion;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.petition.PetitionCommand.ChangePrivacyNotice;
import org.springframework.stereotype.Component;

/**
 * Changes the privacy notice of a published petition. Signings name the version that the signer has read, so that
 * earlier ones keep theirs.
 */
@Component
public class NoticeChanges {

    private final Petitions petitions;
    private final CommandDispatcher commands;
    private final Clock clock;

    NoticeChanges(Petitions petitions, CommandDispatcher commands, Clock clock) {
        this.petitions = petitions;
        this.commands = commands;
        this.clock = clock;
    }

    /**
     * Returns all versions of a petition's notice, the first one first.
     *
     * @param slug the slug as the caller gave it
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public List<NoticeView> of(String slug) {
        return petitions.get(slug).noticeVersions().stream().map(NoticeView::of).toList();
    }

    /**
     * Replaces the notice of a petition. An equal notice changes nothing. It applies at once on this instance, and
     * within half a second on the others.
     *
     * @param slug the slug as the caller gave it
     * @param form the unvalidated notice
     * @param actor the user name of the organiser's login
     * @return the version from now on
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    // The validation ends with an error if the notice is null.
    @SuppressWarnings("NullAway")
    public NoticeVersion change(String slug, NoticeForm form, String actor) {
        Petition petition = petitions.get(slug);
        FieldErrors errors = new FieldErrors();
        PrivacyNotice notice = form.validate("", errors);
        errors.throwIfAny();
        commands.send(new ChangePrivacyNotice(petition.slug(), clock.instant(), actor, notice));
        petitions.refresh();
        return petitions.get(slug).notice().orElseThrow();
    }
}
