package org.countersign.signature.token;

import java.util.UUID;
import org.countersign.events.SignatureId;

/**
 * What a valid token says.
 *
 * @param subject whose it is: a signature's id, or an alert's
 * @param round the round of the signature it was made for
 */
public record LinkToken(UUID subject, int round) {

    /** The signature it was made for, if it was made for one. */
    public SignatureId signature() {
        return new SignatureId(subject);
    }
}
