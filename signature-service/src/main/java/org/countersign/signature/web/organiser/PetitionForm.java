package org.countersign.signature.web.organiser;

import java.util.List;
import java.util.stream.Stream;
import org.countersign.signature.application.PetitionRequest;

/**
 * A petition as an organiser types it.
 *
 * @param recipients one a line
 * @param milestones numbers with whatever between them
 * @param closesAt as HTML's local date and time, in UTC; empty for never
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
        String language) {

    static final PetitionForm EMPTY = new PetitionForm("", "", "", "", "", "", "", "", "", "en");

    PetitionRequest request() {
        List<String> lines = recipients == null
                ? List.of()
                : recipients
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return new PetitionRequest(
                absentIfEmpty(slug),
                title,
                statement,
                lines,
                number(goal),
                numbers(milestones),
                new PetitionRequest.Organiser(organiserName, organiserEmail),
                closing(),
                absentIfEmpty(language));
    }

    private String closing() {
        String time = absentIfEmpty(closesAt);
        return time == null ? null : time.length() == "2030-01-31T12:00".length() ? time + ":00Z" : time;
    }

    static String absentIfEmpty(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** The numbers in a text, whatever stands between them; null in the place of what is none. */
    static List<Long> numbers(String text) {
        String some = absentIfEmpty(text);
        return some == null
                ? List.of()
                : Stream.of(some.split("[\\s,;]+")).map(PetitionForm::number).toList();
    }

    /** Null for what is no number; the petition says what it must be. */
    private static Long number(String text) {
        try {
            return text == null ? null : Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
