package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.List;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;

/**
 * What a search tells about a signature. It has no personal data.
 *
 * @param id the signature
 * @param petition the petition that it signs
 * @param status the status after the newest event
 * @param erased whether no personal data is left
 * @param country the country of the current round
 * @param signedAt the time of the first sign call of the address
 */
public record SignatureSummary(
        SignatureId id,
        PetitionSlug petition,
        SignatureStatus status,
        boolean erased,
        CountryCode country,
        Instant signedAt) {

    /**
     * Folds the events of a signature.
     *
     * @param events all events of the signature in order, at least one
     */
    public static SignatureSummary of(List<SignatureEvent> events) {
        SignatureState state = SignatureState.of(events);
        return new SignatureSummary(
                state.id(),
                state.petition(),
                state.status(),
                state.isErased(),
                state.country(),
                events.get(0).at());
    }

    /** Tells whether the signature counts. */
    public boolean counted() {
        return status == SignatureStatus.VERIFIED;
    }
}
