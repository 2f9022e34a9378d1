package org.countersign.signature.application;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.InvalidFieldsException.FieldError;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The privacy notice of the organisation, from the settings of the service. A petition that is published without a
 * notice takes it.
 */
@Component
public class OrganisationNotice {

    private static final String SETTING = "COUNTERSIGN_NOTICE_";
    private static final String MISSING = "is missing";

    private final Optional<PrivacyNotice> notice;
    private final List<FieldError> missing;

    /** @throws IllegalArgumentException if a setting has a value that is invalid */
    OrganisationNotice(
            @Value("${countersign.notice.controller:}") String controller,
            @Value("${countersign.notice.contact:}") String contact,
            @Value("${countersign.notice.purpose:}") String purpose,
            @Value("${countersign.notice.recipients:}") String recipients,
            @Value("${countersign.notice.retention:}") String retention,
            @Value("${countersign.notice.consent:false}") boolean consent) {
        FieldErrors errors = new FieldErrors();
        this.notice = Optional.ofNullable(new NoticeForm(controller, contact, purpose, recipients, retention, consent)
                .validate(NoticeForm.PREFIX, errors));
        this.missing = errorsOf(errors);
        missing.stream()
                .filter(error -> !error.message().startsWith(MISSING))
                .findFirst()
                .ifPresent(error -> {
                    throw new IllegalArgumentException(setting(error) + " " + error.message());
                });
    }

    private static List<FieldError> errorsOf(FieldErrors errors) {
        try {
            errors.throwIfAny();
            return List.of();
        } catch (InvalidFieldsException e) {
            return e.errors();
        }
    }

    private static String setting(FieldError error) {
        return SETTING + error.field().substring(NoticeForm.PREFIX.length()).toUpperCase(Locale.ROOT);
    }

    /** Returns the notice, or empty if a setting is missing. */
    public Optional<PrivacyNotice> notice() {
        return notice;
    }

    /**
     * Returns the notice for a petition that has none of its own.
     *
     * @param errors collects an error for each setting that is missing
     * @return the notice, or null after an error
     */
    // The caller ends with the errors before it uses the notice, as with FieldErrors.parse.
    @SuppressWarnings("NullAway")
    PrivacyNotice orReject(FieldErrors errors) {
        missing.forEach(error -> errors.reject(
                error.field(),
                error.message() + ", or have the operator set " + setting(error) + " for all petitions"));
        return notice.orElse(null);
    }
}
