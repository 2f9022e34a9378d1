package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.events.CountryCode;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.LanguageTag;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.PlainText;

/**
 * What a signer fills in, as it was sent.
 *
 * @param language in which the signer wants mails, as a language tag (BCP 47)
 */
public record SignatureForm(
        String name,
        String email,
        String country,
        String comment,
        @JsonProperty("public") Boolean publicly,
        Boolean updates,
        String language) {

    private static final int MAX_NAME = 120;
    private static final int MAX_COMMENT = 1000;

    // Names are a spammer's way onto a page and into a mail.
    private static final Pattern LINK = Pattern.compile(
            "://|\\bwww\\.|\\S\\.(com|net|org|info|biz|ru|cn|io|xyz|top|site)\\b", Pattern.CASE_INSENSITIVE);

    /** What was filled in, each field valid. */
    public record Valid(
            PersonalData person, EmailAddress address, CountryCode country, boolean publicly, boolean updates) {}

    /** The form in the language its request prefers, if it names none itself. */
    public SignatureForm orIn(HttpServletRequest request) {
        return language != null || request.getHeader("Accept-Language") == null
                ? this
                : new SignatureForm(name, email, country, comment, publicly, updates, preferred(request.getLocale()));
    }

    /** A program that accepts any language prefers none. */
    private static String preferred(Locale locale) {
        return locale.getLanguage().isEmpty() || locale.getLanguage().equals("*")
                ? null
                : new Locale.Builder()
                        .setLanguage(locale.getLanguage())
                        .setRegion(locale.getCountry())
                        .build()
                        .toLanguageTag();
    }

    /** @throws org.countersign.signature.domain.InvalidFieldsException if a field is not what it must be */
    public Valid validate() {
        FieldErrors errors = new FieldErrors();
        String validName = errors.parse("name", () -> nameWithoutLink(PlainText.line(name, MAX_NAME)));
        EmailAddress address = errors.parse("email", () -> EmailAddress.parse(email));
        CountryCode validCountry = errors.parse("country", () -> new CountryCode(country));
        Optional<String> validComment = comment == null || comment.isBlank()
                ? Optional.empty()
                : Optional.ofNullable(errors.parse("comment", () -> PlainText.text(comment, MAX_COMMENT)));
        Optional<String> validLanguage =
                Optional.ofNullable(language).map(tag -> errors.parse("language", () -> LanguageTag.parse(tag)));
        errors.throwIfAny();
        return new Valid(
                new PersonalData(validName, address.typed(), validComment, validLanguage),
                address,
                validCountry,
                Boolean.TRUE.equals(publicly),
                Boolean.TRUE.equals(updates));
    }

    private static String nameWithoutLink(String name) {
        if (LINK.matcher(name).find()) {
            throw new IllegalArgumentException("must be a name, without a link");
        }
        return name;
    }

    /** Personal data: not shown. */
    @Override
    public String toString() {
        return "SignatureForm[…]";
    }
}
