package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Optional;
import org.countersign.events.CountryCode;
import org.countersign.events.SignerConsent;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.petition.NoticeVersion;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.LanguageTag;
import org.countersign.signature.personaldata.PersonName;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * The sign request, unvalidated.
 *
 * @param name the signer's name
 * @param email the signer's address
 * @param country the ISO 3166-1 alpha-2 code
 * @param comment a public comment; null if there is none
 * @param publicly whether the name may be shown
 * @param updates whether the signer wants milestone mails
 * @param language the language tag of the mails (BCP 47); null for the language of the request
 * @param form the signed time at which the page with the form was made; null if the caller has none
 * @param altcha the solution of a challenge, which a petition under attack asks for; null if the caller has none
 * @param consent whether the signer ticked the consent of the privacy notice
 * @param contact whether the signer allows the organisation to contact them for other purposes
 * @param notice the version of the privacy notice that the signer has read; null for the current one
 */
public record SignatureForm(
        @Nullable String name,
        @Nullable String email,
        @Nullable String country,
        @Nullable String comment,
        @JsonProperty("public") @Nullable Boolean publicly,
        @Nullable Boolean updates,
        @Nullable String language,
        @Nullable String form,
        @Nullable String altcha,
        @Nullable Boolean consent,
        @Nullable Boolean contact,
        @Nullable Integer notice) {

    private static final int MAX_COMMENT = 1000;

    /** Creates a request without a signed time, a proof of work, a consent and a version of the notice. */
    public SignatureForm(
            @Nullable String name,
            @Nullable String email,
            @Nullable String country,
            @Nullable String comment,
            @Nullable Boolean publicly,
            @Nullable Boolean updates,
            @Nullable String language) {
        this(name, email, country, comment, publicly, updates, language, null, null, null, null, null);
    }

    /** The validated request. */
    public record ValidSignature(
            PersonalData person,
            EmailAddress address,
            CountryCode country,
            boolean publicly,
            boolean updates,
            SignerConsent given) {}

    /**
     * Returns the form with a default for the language.
     *
     * @param preferred the locale that the caller prefers; a locale without a language gives no default
     * @return this form if it names a language
     */
    public SignatureForm withDefaultLanguage(Locale preferred) {
        boolean unknown =
                preferred.getLanguage().isEmpty() || preferred.getLanguage().equals("*");
        return language != null || unknown
                ? this
                : new SignatureForm(
                        name,
                        email,
                        country,
                        comment,
                        publicly,
                        updates,
                        tag(preferred),
                        form,
                        altcha,
                        consent,
                        contact,
                        notice);
    }

    /** Tells whether the caller has sent a solution, right or wrong. */
    public boolean hasProof() {
        return altcha != null && !altcha.isBlank();
    }

    /** Returns the tag of language and region. A tag of other parts is longer than a mail needs. */
    private static String tag(Locale locale) {
        return new Locale.Builder()
                .setLanguage(locale.getLanguage())
                .setRegion(locale.getCountry())
                .build()
                .toLanguageTag();
    }

    /**
     * Validates the fields.
     *
     * @param current the privacy notice of the petition; empty if it has none
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    public ValidSignature validate(Optional<NoticeVersion> current) {
        FieldErrors errors = new FieldErrors();
        String validName = errors.parse("name", () -> PersonName.parse(name));
        EmailAddress address = errors.parse("email", () -> EmailAddress.parse(email));
        CountryCode validCountry = errors.parse("country", () -> new CountryCode(country == null ? "" : country));
        Optional<String> validComment = comment == null || comment.isBlank()
                ? Optional.empty()
                : Optional.ofNullable(errors.parse("comment", () -> PlainText.text(comment, MAX_COMMENT)));
        Optional<String> validLanguage =
                Optional.ofNullable(language).map(tag -> errors.parse("language", () -> LanguageTag.parse(tag)));
        SignerConsent given = given(current, errors);
        errors.throwIfAny();
        return new ValidSignature(
                new PersonalData(validName, address.typed(), validComment, validLanguage),
                address,
                validCountry,
                Boolean.TRUE.equals(publicly),
                Boolean.TRUE.equals(updates),
                given);
    }

    /** Validates the fields of a call for a petition without a privacy notice, as {@link #validate(Optional)}. */
    public ValidSignature validate() {
        return validate(Optional.empty());
    }

    private SignerConsent given(Optional<NoticeVersion> current, FieldErrors errors) {
        int version = current.map(NoticeVersion::version).orElse(0);
        if (notice != null && notice != version) {
            errors.reject(
                    "notice",
                    version == 0
                            ? "must be absent: the petition has no privacy notice"
                            : "must be " + version + ", the current version: show the signer the changed notice again");
            return SignerConsent.NONE;
        }
        if (current.isEmpty()) {
            if (Boolean.TRUE.equals(contact)) {
                errors.reject(
                        "contact", "must be absent or false: the petition has no privacy notice that says to whom");
            }
            return SignerConsent.NONE;
        }
        if (current.get().notice().consent() && !Boolean.TRUE.equals(consent)) {
            errors.reject(
                    "consent", "must be true: show the signer the privacy notice of the petition, and ask for consent");
        }
        return new SignerConsent(version, Boolean.TRUE.equals(consent), Boolean.TRUE.equals(contact));
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "SignatureForm[…]";
    }
}
