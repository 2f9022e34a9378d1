package org.countersign.signature.cases;

import java.util.List;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.signals.SignalNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The request to open a case, unvalidated.
 *
 * @param criteria which signatures the case takes
 * @param reason the reason for the history of each signature
 * @param publicReason the reason that everybody reads on the petition's page and in the public log
 */
public record CaseForm(
        @Nullable CriteriaForm criteria,
        @Nullable String reason,
        @Nullable String publicReason) {

    private static final int MAX_REASON = 400;
    private static final String CRITERIA = "criteria";

    /** The validated request. */
    record ValidCase(ValidCriteria criteria, String reason, String publicReason) {}

    /**
     * The validated criteria.
     *
     * @param criteria what is stored and shown
     * @param networks the networks of the criteria, which are not stored
     */
    record ValidCriteria(CaseCriteria criteria, List<SignalNetwork> networks) {}

    /**
     * Validates all fields.
     *
     * @throws InvalidFieldsException if a field is invalid
     */
    ValidCase validate(PetitionSlug petition, PseudonymousIds ids) {
        FieldErrors errors = new FieldErrors();
        ValidCriteria valid = criteria(petition, ids, errors);
        String validReason = errors.parse("reason", () -> PlainText.line(reason, MAX_REASON));
        String validPublicReason = errors.parse("publicReason", () -> PlainText.line(publicReason, MAX_REASON));
        errors.throwIfAny();
        return new ValidCase(valid, validReason, validPublicReason);
    }

    /**
     * Validates the criteria alone, for a preview.
     *
     * @throws InvalidFieldsException if a criterion is invalid
     */
    ValidCriteria validCriteria(PetitionSlug petition, PseudonymousIds ids) {
        FieldErrors errors = new FieldErrors();
        ValidCriteria valid = criteria(petition, ids, errors);
        errors.throwIfAny();
        return valid;
    }

    private ValidCriteria criteria(PetitionSlug petition, PseudonymousIds ids, FieldErrors errors) {
        CriteriaForm given = criteria == null ? CriteriaForm.NONE : criteria;
        return given.validate(CRITERIA + ".", petition, ids, errors);
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "CaseForm[…]";
    }
}
