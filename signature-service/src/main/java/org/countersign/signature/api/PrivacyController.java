package org.countersign.signature.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.application.NoticeView;
import org.countersign.signature.application.OrganisationNotice;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.NoticeVersion;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The settings of this service that its operator's record of processing names. They hold neither secrets nor personal
 * data of signers.
 */
@RestController
class PrivacyController {

    private final OrganisationNotice organisation;
    private final Petitions petitions;
    private final String publicUrl;
    private final RetentionTimes retention;

    PrivacyController(
            OrganisationNotice organisation,
            Petitions petitions,
            @Value("${countersign.public-url}") String publicUrl,
            @Value("${countersign.tokens.verification-life}") Duration confirmation,
            @Value("${countersign.erasure.after-closing}") Duration afterClosing,
            @Value("${countersign.tokens.my-data-life}") Duration dataLinks,
            @Value("${countersign.signals.keep}") Duration signals,
            @Value("${countersign.access-log.keep:365d}") Duration accessLog) {
        this.organisation = organisation;
        this.petitions = petitions;
        this.publicUrl = publicUrl;
        this.retention = new RetentionTimes(
                confirmation.toDays(), afterClosing.toDays(), dataLinks.toDays(), signals.toDays(), accessLog.toDays());
    }

    /**
     * How long data is kept, in days.
     *
     * @param unconfirmed data of a signing that nobody confirms
     * @param afterClosing data of signers after their petition has closed
     * @param dataLinks how long the links of a mail give access to the stored data
     * @param signals signals of sign calls
     * @param accessLog entries of the access log
     */
    record RetentionTimes(long unconfirmed, long afterClosing, long dataLinks, long signals, long accessLog) {}

    /**
     * A petition and its notice.
     *
     * @param notice the notice that applies to new signings; null for a petition of an earlier release
     */
    record PetitionNotice(String petition, String title, Optional<NoticeView> notice) {}

    /**
     * The settings.
     *
     * @param organisation the notice of the organisation; null if a setting is missing
     */
    record PrivacySettings(
            String publicUrl,
            Optional<PrivacyNotice> organisation,
            RetentionTimes retentionDays,
            List<PetitionNotice> petitions) {}

    @GetMapping("/api/privacy")
    PrivacySettings settings() {
        return new PrivacySettings(
                publicUrl,
                organisation.notice(),
                retention,
                petitions.all().stream().map(PrivacyController::notice).toList());
    }

    private static PetitionNotice notice(Petition petition) {
        Optional<NoticeVersion> notice = petition.notice();
        return new PetitionNotice(petition.slug().value(), petition.title(), notice.map(NoticeView::of));
    }
}
