package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All data that is held about a signer: the input of each signing, and the events of the signature.
 *
 * @param signatureId the signature
 * @param petition the petition's slug
 * @param status the current status
 * @param erased whether the personal data was erased
 * @param given the input of each signing
 * @param events the events of the signature
 * @param mails what the signer chose about mails of all petitions. Null after an erasure, because the address is gone
 * @param contact whether the organisation may contact the signer for other purposes
 * @param notices the versions of the privacy notice that the signings name
 */
public record MyData(
        String signatureId,
        String petition,
        String status,
        boolean erased,
        List<GivenData> given,
        List<SignatureEventView> events,
        @Nullable MailChoice mails,
        boolean contact,
        List<NoticeView> notices) {

    /**
     * Whether mails may go to the signer's address at all.
     *
     * @param stopped whether the signer asked never to get a mail again
     * @param link the page that changes it
     */
    public record MailChoice(boolean stopped, String link) {

        /** Hides the link, which grants access. */
        @Override
        public String toString() {
            return "MailChoice[…]";
        }
    }

    /**
     * The input of one signing. Personal data is null after an erasure. Comment and language are also null if the
     * signer gave none.
     *
     * @param notice the version of the privacy notice; null if the petition had none
     * @param consent whether the signer ticked the consent
     * @param contact whether the signer allowed the organisation to contact them for other purposes
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record GivenData(
            int round,
            Instant at,
            String country,
            @JsonProperty("public") boolean publicly,
            boolean updates,
            @Nullable String name,
            @Nullable String email,
            @Nullable String comment,
            @Nullable String language,
            @Nullable Integer notice,
            boolean consent,
            boolean contact) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "GivenData[…]";
        }
    }

    /** An event of the signature. */
    public record SignatureEventView(String type, Instant at) {}
}
