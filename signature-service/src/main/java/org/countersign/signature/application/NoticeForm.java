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

    /** The field of a request for a petition that has the notice, and the dot before the names of its fields. */
    public static final String PREFIX = "notice.";

    private static final int MAX_CONTROLLER = 200;
    private static final int MAX_TEXT = 1000;

    /**
     * Validates the fields.
     *
     * @param prefix comes before the name of each field in an error
     * @param errors collects an error for each field that is missing or invalid
     * @return the notice, or null after an error
     */
    @Nullable
    PrivacyNotice validate(String prefix, FieldErrors errors) {
        String validController = field(
                prefix + "controller",
                controller,
                "name the organisation that is responsible for the data of signers",
                text -> PlainText.line(text, MAX_CONTROLLER),
                errors);
        String validContact = field(
                prefix + "contact",
                contact,
                "give an e-mail address or an https URL for questions about the data",
                NoticeContact::parse,
                errors);
        String validPurpose =
                field(prefix + "purpose", purpose, "say what the data of signers is for", NoticeForm::text, errors);
        String validRecipients = field(
                prefix + "recipients", recipients, "say who gets the list of signatures", NoticeForm::text, errors);
        String validRetention = field(
                prefix + "retention", retention, "say how long the data of signers is kept", NoticeForm::text, errors);
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
            errors.reject(name, "is missing: " + fix);
            return null;
        }
        return errors.parse(name, () -> parse.apply(given));
    }
}
