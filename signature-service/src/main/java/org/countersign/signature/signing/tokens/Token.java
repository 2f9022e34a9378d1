package org.countersign.signature.signing.tokens;

import org.countersign.events.SignatureId;

/**
 * What a valid token says.
 *
 * @param round the round of the signature it was made for
 */
public record Token(SignatureId signature, int round) {
}
