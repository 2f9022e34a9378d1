package org.countersign.signature.web.organiser;

import org.countersign.signature.application.AlertForm;

/**
 * The form for a new alert, as the organiser filled it in.
 *
 * @param milestones numbers, separated by spaces, commas or semicolons; empty for each milestone
 */
public record AlertFields(String name, String email, String language, String milestones) {

    static final AlertFields EMPTY = new AlertFields("", "", "", "");

    AlertForm form() {
        return new AlertForm(name, email, PetitionForm.nullIfBlank(language), PetitionForm.numbers(milestones));
    }

    /** Hides personal data. */
    @Override
    public String toString() {
        return "AlertFields[…]";
    }
}
