package org.countersign.counting;

import org.countersign.events.CountryCode;
import org.countersign.events.SignatureStatus;

/**
 * A change of a signature's status.
 *
 * @param was the status before the event
 * @param becomes the status after the event
 * @param country the country that the signer gave
 */
public record StatusTransition(SignatureStatus was, SignatureStatus becomes, CountryCode country) {

    /** Returns the change of the verified count: 1, 0 or -1. */
    public int verifiedDelta() {
        return (becomes == SignatureStatus.VERIFIED ? 1 : 0) - (was == SignatureStatus.VERIFIED ? 1 : 0);
    }
}
