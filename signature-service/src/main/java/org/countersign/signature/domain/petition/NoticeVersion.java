package org.countersign.signature.domain.petition;

import java.util.List;
import java.util.Optional;
import org.countersign.events.PrivacyNotice;

/**
 * A version of a petition's privacy notice.
 *
 * @param version the number that signings name, from 1
 * @param notice its texts
 */
public record NoticeVersion(int version, PrivacyNotice notice) {

    /** Returns the newest of the notices of a petition. */
    static Optional<NoticeVersion> newest(List<PrivacyNotice> notices) {
        return of(notices, notices.size());
    }

    /** Returns the notice with this version, or empty if there is none. */
    static Optional<NoticeVersion> of(List<PrivacyNotice> notices, int version) {
        return version < PrivacyNotice.FIRST_VERSION || version > notices.size()
                ? Optional.empty()
                : Optional.of(new NoticeVersion(version, notices.get(version - PrivacyNotice.FIRST_VERSION)));
    }
}
