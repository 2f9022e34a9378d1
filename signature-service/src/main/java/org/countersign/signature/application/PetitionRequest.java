package org.countersign.signature.application;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.events.PrivacyNotice;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.domain.petition.PetitionTopic;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.LanguageTag;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.signature.personaldata.Vault;
import org.countersign.transparency.PetitionText;
import org.jspecify.annotations.Nullable;

/**
 * The request to publish a petition, unvalidated.
 *
 * @param topics the keys of its topics; null for none
 * @param notice the privacy notice; null for that of the organisation
 * @param organisation the slug of the organisation that runs it; null for the only one of the caller
 * @param reminders whether signers who have not confirmed are reminded; null for yes
 */
public record PetitionRequest(
        @Nullable String slug,
        @Nullable String title,
        @Nullable String statement,
        @Nullable List<String> recipients,
        @Nullable Long goal,
        @Nullable List<Long> milestones,
        @Nullable Organiser organiser,
        @Nullable String closesAt,
        @Nullable String language,
        @Nullable List<@Nullable String> topics,
        @Nullable NoticeForm notice,
        @Nullable String organisation,
        @Nullable Boolean reminders) {

    private static final long MAX_GOAL = 1_000_000_000;
    private static final int MAX_RECIPIENTS = 50;
    private static final int MAX_MILESTONES = 100;
    private static final int MAX_TEXT_BYTES = 60_000;
    private static final int MAX_TOPICS = 3;

    /** A petition of the caller's only organisation. */
    public PetitionRequest(
            @Nullable String slug,
            @Nullable String title,
            @Nullable String statement,
            @Nullable List<String> recipients,
            @Nullable Long goal,
            @Nullable List<Long> milestones,
            @Nullable Organiser organiser,
            @Nullable String closesAt,
            @Nullable String language) {
        this(
                slug,
                title,
                statement,
                recipients,
                goal,
                milestones,
                organiser,
                closesAt,
                language,
                null,
                null,
                null,
                null);
    }

    /** The organiser. */
    public record Organiser(@Nullable String name, @Nullable String email) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "Organiser[…]";
        }
    }

    /**
     * Validates the request and makes the command that publishes the petition.
     *
     * @param vault seals the organiser's personal data
     * @param now the time of publication
     * @param standard the privacy notice if the request has none
     * @param owner the organisation that runs it
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    PublishPetition command(Vault vault, Instant now, OrganisationNotice standard, UUID owner) {
        FieldErrors errors = new FieldErrors();
        String validTitle = errors.parse("title", () -> PlainText.line(title, 200));
        PetitionSlug validSlug = slug == null && validTitle == null
                ? null
                : errors.parse("slug", () -> new PetitionSlug(slug != null ? slug : slugOf(validTitle)));
        String validStatement = errors.parse("statement", () -> PlainText.text(statement, 12_000));
        List<String> validRecipients = validRecipients(errors);
        if (goal == null || goal < 1 || goal > MAX_GOAL) {
            errors.reject("goal", "must be a number from 1 to " + MAX_GOAL);
        }
        List<Long> validMilestones = validMilestones(errors);
        String validLanguage = errors.parse("language", () -> language == null ? "en" : LanguageTag.parse(language));
        Optional<Instant> validClosing = errors.parse("closesAt", () -> validClosing(now));
        PersonalData person = validOrganiser(errors);
        List<String> validTopics = validTopics(errors);
        PrivacyNotice validNotice =
                notice == null ? standard.orReject(errors) : notice.validate(NoticeForm.PREFIX, errors);
        errors.throwIfAny();
        requireRoomInPublicLog(
                Objects.requireNonNull(validTitle), Objects.requireNonNull(validStatement), validRecipients);
        PetitionSlug petition = Objects.requireNonNull(validSlug);
        Vault.SealedWithSecret sealed = vault.seal(StreamIds.stream(petition), Objects.requireNonNull(person));
        return new PublishPetition(
                petition,
                now,
                validTitle,
                validStatement,
                validRecipients,
                Objects.requireNonNull(goal),
                validMilestones,
                validLanguage,
                validClosing,
                sealed.sealed(),
                sealed.secret(),
                validTopics,
                Objects.requireNonNull(validNotice),
                Optional.of(owner),
                !Boolean.FALSE.equals(reminders));
    }

    /** An entry of the public log has at most 65,535 bytes. A request over HTTP is smaller, as its body is limited. */
    private static void requireRoomInPublicLog(String title, String statement, List<String> recipients) {
        int bytes = new PetitionText(title, statement, recipients, MAX_GOAL, "en")
                .canonical()
                .getBytes(StandardCharsets.UTF_8)
                .length;
        if (bytes > MAX_TEXT_BYTES) {
            throw new InvalidFieldsException(
                    "statement", "must have at most " + MAX_TEXT_BYTES + " bytes with title and recipients");
        }
    }

    private List<String> validRecipients(FieldErrors errors) {
        if (recipients == null || recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
            errors.reject("recipients", "must name 1 to " + MAX_RECIPIENTS + " recipients");
            return List.of();
        }
        List<String> valid = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            String recipient = recipients.get(i);
            valid.add(errors.parse("recipients[" + i + "]", () -> PlainText.line(recipient, 200)));
        }
        return valid;
    }

    private List<Long> validMilestones(FieldErrors errors) {
        if (milestones == null || milestones.isEmpty()) {
            return List.of();
        }
        if (milestones.size() > MAX_MILESTONES
                || milestones.stream()
                        .anyMatch(milestone -> milestone == null || milestone < 1 || milestone > MAX_GOAL)) {
            errors.reject("milestones", "must be at most " + MAX_MILESTONES + " numbers from 1 to " + MAX_GOAL);
            return List.of();
        }
        TreeSet<Long> rising = new TreeSet<>(milestones);
        if (goal != null) {
            rising.add(goal);
        }
        return List.copyOf(rising);
    }

    private List<String> validTopics(FieldErrors errors) {
        if (topics == null) {
            return List.of();
        }
        for (int i = 0; i < topics.size(); i++) {
            String topic = topics.get(i);
            if (topic == null || PetitionTopic.of(topic).isEmpty()) {
                errors.reject("topics[" + i + "]", "must be one of " + String.join(", ", PetitionTopic.keys()));
            }
        }
        List<String> once = topics.stream().filter(Objects::nonNull).distinct().toList();
        if (topics.size() > MAX_TOPICS || once.size() < topics.size()) {
            errors.reject("topics", "must be at most " + MAX_TOPICS + " different topics");
        }
        return once;
    }

    private Optional<Instant> validClosing(Instant now) {
        if (closesAt == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(closesAt))
                    .filter(now::isBefore)
                    .map(Optional::of)
                    .orElseThrow(() -> new IllegalArgumentException("must be in the future"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a time such as 2030-01-31T12:00:00Z", e);
        }
    }

    /** Returns the organiser as given, with absent fields if there is none. */
    Organiser organisedBy() {
        return organiser == null ? new Organiser(null, null) : organiser;
    }

    private @Nullable PersonalData validOrganiser(FieldErrors errors) {
        Organiser given = organisedBy();
        String name = errors.parse("organiser.name", () -> PlainText.line(given.name(), 120));
        EmailAddress email = errors.parse("organiser.email", () -> EmailAddress.parse(given.email()));
        return name == null || email == null
                ? null
                : new PersonalData(name, email.typed(), Optional.empty(), Optional.empty());
    }

    /** Makes a slug of a title: lower-case letters without accents, cut after a word. */
    private static String slugOf(String title) {
        String plain = Normalizer.normalize(title, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        if (plain.length() > PetitionSlug.MAX_LENGTH) {
            int word = plain.lastIndexOf('-', PetitionSlug.MAX_LENGTH);
            plain = plain.substring(0, word > 0 ? word : PetitionSlug.MAX_LENGTH);
        }
        if (plain.isEmpty()) {
            throw new IllegalArgumentException("is needed, since the title has no letters from a to z to make one of");
        }
        return plain;
    }
}
