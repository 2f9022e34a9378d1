package org.countersign.signature.token;

import java.util.UUID;
import org.countersign.events.SignatureId;

/**
 * The content of a valid token.
 *
 * @param subject the id of a signature or an alert, or the key of a recipient
 * @param round the round of the signature
 */
public record LinkToken(UUID subject, int round) {

    /** Returns the subject as the id of a signature. */
    public SignatureId signature() {
        return new SignatureId(subject);
    }
}
