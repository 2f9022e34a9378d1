package org.countersign.signature.publiclog;

import org.countersign.events.PetitionPublished;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.transparency.PetitionText;

/** Makes the text of a petition, whose fingerprint pages, documents and the public log show. */
public final class PetitionTexts {

    private PetitionTexts() {}

    /** Returns the text that a petition was published with. */
    public static PetitionText of(PetitionPublished published) {
        return new PetitionText(
                published.title(),
                published.statement(),
                published.recipients(),
                published.goal(),
                published.language());
    }

    /** Returns the text of a petition. */
    public static PetitionText of(Petition petition) {
        return new PetitionText(
                petition.title(), petition.statement(), petition.recipients(), petition.goal(), petition.language());
    }
}
