package org.countersign.signature.application;

import org.countersign.events.PrivacyNotice;
import org.countersign.signature.domain.petition.NoticeVersion;

/**
 * A version of a privacy notice as calls show it.
 *
 * @param version the number that signings name, from 1
 * @param controller who is responsible for the data
 * @param contact an e-mail address or an https URL
 * @param purpose what the data is for
 * @param recipients who gets the list of signatures
 * @param retention how long the data is kept
 * @param consent whether a signer must tick an explicit consent
 */
public record NoticeView(
        int version,
        String controller,
        String contact,
        String purpose,
        String recipients,
        String retention,
        boolean consent) {

    /** Returns the view of a version. */
    public static NoticeView of(NoticeVersion version) {
        PrivacyNotice notice = version.notice();
        return new NoticeView(
                version.version(),
                notice.controller(),
                notice.contact(),
                notice.purpose(),
                notice.recipients(),
                notice.retention(),
                notice.consent());
    }
}
