package org.countersign.signature.web.organiser;

import java.util.Optional;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.application.NoticeForm;
import org.jspecify.annotations.Nullable;

/**
 * The form for another privacy notice, as the organiser filled it in.
 *
 * @param noticeConsent {@code true} if signers must tick an explicit consent
 */
public record NoticeFields(
        @Nullable String noticeController,
        @Nullable String noticeContact,
        @Nullable String noticePurpose,
        @Nullable String noticeRecipients,
        @Nullable String noticeRetention,
        @Nullable String noticeConsent) {

    /** Returns the fields with a notice, or empty ones. */
    static NoticeFields of(Optional<PrivacyNotice> notice) {
        return notice.map(present -> new NoticeFields(
                        present.controller(),
                        present.contact(),
                        present.purpose(),
                        present.recipients(),
                        present.retention(),
                        Boolean.toString(present.consent())))
                .orElse(new NoticeFields(null, null, null, null, null, null));
    }

    NoticeForm form() {
        return new NoticeForm(
                noticeController,
                noticeContact,
                noticePurpose,
                noticeRecipients,
                noticeRetention,
                Boolean.valueOf(noticeConsent));
    }
}
