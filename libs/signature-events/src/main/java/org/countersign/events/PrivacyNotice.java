package org.countersign.events;

/**
 * The privacy notice of a petition: the organisation's own texts, as signers read them. Its version is its place among
 * the notices of the petition, from 1.
 *
 * @param controller who is responsible for the data
 * @param contact an e-mail address or an https URL, for questions and requests
 * @param purpose what the data is for
 * @param recipients who gets the list of signatures
 * @param retention how long the data is kept
 * @param consent whether a signer must tick an explicit consent
 */
public record PrivacyNotice(
        String controller, String contact, String purpose, String recipients, String retention, boolean consent) {

    /** The version of the notice with which a petition is published. */
    public static final int FIRST_VERSION = 1;
}
