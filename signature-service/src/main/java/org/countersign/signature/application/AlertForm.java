package org.countersign.signature.application;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.countersign.counting.Milestones;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.LanguageTag;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * The request to add a recipient of milestone mails, unvalidated.
 *
 * @param name the recipient's name
 * @param email the recipient's address
 * @param language the language tag of the mails; null for the petition's language
 * @param milestones the chosen milestones; null or empty for every milestone
 */
public record AlertForm(
        @Nullable String name,
        @Nullable String email,
        @Nullable String language,
        @Nullable List<Long> milestones) {

    private static final int MAX_NAME = 120;
    private static final int MAX_MILESTONES = 100;
    private static final int MAX_EXAMPLES = 6;

    /** The validated request. */
    record ValidAlert(EmailAddress address, PersonalData person, List<Long> milestones) {}

    /**
     * Validates the fields.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    ValidAlert validate(Petition petition) {
        FieldErrors errors = new FieldErrors();
        String validName = errors.parse("name", () -> PlainText.line(name, MAX_NAME));
        EmailAddress address = errors.parse("email", () -> EmailAddress.parse(email));
        String validLanguage =
                errors.parse("language", () -> LanguageTag.parse(language == null ? petition.language() : language));
        List<Long> validMilestones = errors.parse(
                "milestones", () -> validMilestones(new Milestones(petition.milestones(), petition.goal())));
        errors.throwIfAny();
        return new ValidAlert(
                address,
                new PersonalData(validName, address.typed(), Optional.empty(), Optional.of(validLanguage)),
                validMilestones);
    }

    private List<Long> validMilestones(Milestones ofPetition) {
        if (milestones == null) {
            return List.of();
        }
        if (milestones.size() > MAX_MILESTONES) {
            throw new IllegalArgumentException("must be at most " + MAX_MILESTONES + " numbers");
        }
        if (milestones.stream()
                .anyMatch(milestone -> milestone == null
                        || milestone < 1
                        || ofPetition.after(milestone - 1).orElse(0) != milestone)) {
            throw new IllegalArgumentException("must be milestones of this petition, such as "
                    + String.join(
                            ", ",
                            LongStream.iterate(
                                            ofPetition.after(0).orElseThrow(),
                                            milestone -> milestone > 0,
                                            milestone ->
                                                    ofPetition.after(milestone).orElse(0))
                                    .limit(MAX_EXAMPLES)
                                    .mapToObj(Long::toString)
                                    .toList()));
        }
        return List.copyOf(new TreeSet<>(milestones));
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "AlertForm[…]";
    }
}
