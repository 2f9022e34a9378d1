package org.countersign.events;

/**
 * What a signer was told about the data, and what the signer ticked.
 *
 * @param notice the version of the privacy notice, 0 if the petition had none
 * @param consent whether the signer ticked the consent to the processing
 * @param contact whether the signer allowed the organisation to contact them for other purposes
 */
public record SignerConsent(int notice, boolean consent, boolean contact) {

    /** A signing without a privacy notice, as in earlier releases. */
    public static final SignerConsent NONE = new SignerConsent(0, false, false);

    public SignerConsent {
        if (notice < 0 || notice == 0 && (consent || contact)) {
            throw new IllegalArgumentException("a consent needs the version of a notice");
        }
    }

    /** Returns the same with another choice about contact. */
    public SignerConsent withContact(boolean allowed) {
        return new SignerConsent(notice, consent, allowed);
    }
}
