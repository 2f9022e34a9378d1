package org.countersign.signature.web.organiser;

import java.util.List;
import java.util.stream.Stream;
import org.countersign.signature.application.NoticeForm;
import org.countersign.signature.application.PetitionRequest;
import org.jspecify.annotations.Nullable;

/**
 * The form for a new petition, as the organiser filled it in.
 *
 * @param recipients one recipient per line
 * @param milestones numbers, separated by spaces, commas or semicolons
 * @param closesAt the local date and time of an HTML form, in UTC; empty if the petition stays open
 * @param topics the keys of the chosen topics; null if none is chosen
 * @param noticeController the first text of the petition's own privacy notice; all are empty for that of the
 *     organisation
 * @param noReminders {@code true} if signers who have not confirmed are not reminded
 * @param noticeConsent {@code true} if signers must tick an explicit consent
 * @param organisation the slug of the organisation that runs it; null for the only one of the organiser
 */
public record PetitionForm(
        String title,
        String slug,
        String statement,
        String recipients,
        String goal,
        String milestones,
        String organiserName,
        String organiserEmail,
        String closesAt,
        String language,
        @Nullable List<String> topics,
        @Nullable String noticeController,
        @Nullable String noticeContact,
        @Nullable String noticePurpose,
        @Nullable String noticeRecipients,
        @Nullable String noticeRetention,
        @Nullable String noticeConsent,
        @Nullable String organisation,
        @Nullable String noReminders) {

    static final PetitionForm EMPTY =
            new PetitionForm("", "", "", "", "", "", "", "", "", "en", List.of(), "", "", "", "", "", "", "", "");

    PetitionRequest request() {
        List<String> lines = recipients == null
                ? List.of()
                : recipients
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return new PetitionRequest(
                nullIfBlank(slug),
                title,
                statement,
                lines,
                number(goal),
                numbers(milestones),
                new PetitionRequest.Organiser(organiserName, organiserEmail),
                closing(),
                nullIfBlank(language),
                topics,
                notice(),
                nullIfBlank(organisation),
                !Boolean.parseBoolean(noReminders));
    }

    /** Returns the petition's own notice, or null if nothing of it was filled in. */
    private @Nullable NoticeForm notice() {
        boolean empty = Stream.of(noticeController, noticeContact, noticePurpose, noticeRecipients, noticeRetention)
                .allMatch(text -> nullIfBlank(text) == null);
        return empty && nullIfBlank(noticeConsent) == null
                ? null
                : new NoticeForm(
                        noticeController,
                        noticeContact,
                        noticePurpose,
                        noticeRecipients,
                        noticeRetention,
                        Boolean.valueOf(noticeConsent));
    }

    /** Tells whether a topic is chosen. */
    public boolean hasTopic(String topic) {
        return topics != null && topics.contains(topic);
    }

    private @Nullable String closing() {
        String time = nullIfBlank(closesAt);
        return time == null ? null : time.length() == "2030-01-31T12:00".length() ? time + ":00Z" : time;
    }

    static @Nullable String nullIfBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Returns the numbers in a text, with null in the place of each part that is not a number. */
    static List<@Nullable Long> numbers(@Nullable String text) {
        String present = nullIfBlank(text);
        return present == null
                ? List.of()
                : Stream.of(present.split("[\\s,;]+")).map(PetitionForm::number).toList();
    }

    /** Returns null if the text is not a number. The validation of the petition reports it. */
    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
