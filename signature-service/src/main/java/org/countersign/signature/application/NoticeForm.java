package org.countersign.signature.application;

import java.util.function.UnaryOperator;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.personaldata.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * A privacy notice, unvalidated. The law asks for all of its texts (Art. 13 GDPR).
 *
 * @param controller who is responsible for the data
 * @param contact an e-mail address or an https URL
 * @param purpose what the data is for
 * @param recipients who gets the list of signatures
 * @param retention how long the data is kept
 * @param consent whether a signer must tick an explicit consent; null for no
 */
public record NoticeForm(
        @Nullable String controller,
        @Nullable String contact,
        @Nullable String purpose,
        @Nullable String recipients,
        @Nullable String retention,
        @Nullable Boolean consent) {

    /** The field of a request that has the notice. The names of its fields follow after a dot. */
    static final String FIELD = "notice";

    private static final int MAX_CONTROLLER = 200;
    private static final int MAX_TEXT = 1000;

    /**
     * Validates the fields.
     *
     * @param errors collects an error for each field that is missing or invalid
     * @return the notice, or null after an error
     */
    @Nullable
    PrivacyNotice validate(FieldErrors errors) {
        String validController = field(
                "controller",
                controller,
                "name the organisation that is responsible for the data of signers",
                text -> PlainText.line(text, MAX_CONTROLLER),
                errors);
        String validContact = field(
                "contact",
                contact,
                "give an e-mail address or an https URL for questions about the data",
                NoticeContact::parse,
                errors);
        String validPurpose =
                field("purpose", purpose, "say what the data of signers is for", NoticeForm::text, errors);
        String validRecipients =
                field("recipients", recipients, "say who gets the list of signatures", NoticeForm::text, errors);
        String validRetention =
                field("retention", retention, "say how long the data of signers is kept", NoticeForm::text, errors);
        return validController == null
                        || validContact == null
                        || validPurpose == null
                        || validRecipients == null
                        || validRetention == null
                ? null
                : new PrivacyNotice(
                        validController,
                        validContact,
                        validPurpose,
                        validRecipients,
                        validRetention,
                        Boolean.TRUE.equals(consent));
    }

    private static String text(String given) {
        return PlainText.text(given, MAX_TEXT);
    }

    private static @Nullable String field(
            String name, @Nullable String given, String fix, UnaryOperator<String> parse, FieldErrors errors) {
        if (given == null || given.isBlank()) {
            errors.reject(FIELD + "." + name, "is missing: " + fix);
            return null;
        }
        return errors.parse(FIELD + "." + name, () -> parse.apply(given));
    }
}
