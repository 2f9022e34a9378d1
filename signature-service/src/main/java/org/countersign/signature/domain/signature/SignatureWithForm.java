package org.countersign.signature.domain.signature;

import java.util.List;
import java.util.Objects;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;

/**
 * What a signature is after its latest event.
 *
 * @param id the signature
 * @param status the status
 * @param form the form of the confirmed round, or the newest form
 */
public record SignatureWithForm(SignatureId id, SignatureStatus status, PetitionSigned form) {

    /**
     * Folds the events of a signature.
     *
     * @param history the events, the first one first; at least one
     */
    public static SignatureWithForm of(List<SignatureEvent> history) {
        SignatureState state = SignatureState.of(history);
        PetitionSigned form = null;
        for (SignatureEvent event : history) {
            if (event instanceof PetitionSigned signed && signed.round() == state.round()) {
                form = signed;
            }
        }
        return new SignatureWithForm(
                state.id(), state.status(), Objects.requireNonNull(form, "the current round has a form"));
    }
}
