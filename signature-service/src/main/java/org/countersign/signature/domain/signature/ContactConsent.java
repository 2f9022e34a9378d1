package org.countersign.signature.domain.signature;

import java.util.List;
import org.countersign.events.SignatureEvent;

/** Whether a signer allows the organisation to contact them for other purposes. */
public final class ContactConsent {

    private ContactConsent() {}

    /**
     * Folds the events of a signature.
     *
     * @param history the events, the first one first; at least one
     * @return true until the signer withdraws this consent or the signature, or is erased
     */
    public static boolean of(List<SignatureEvent> history) {
        return SignatureState.of(history).allowsContact();
    }
}
