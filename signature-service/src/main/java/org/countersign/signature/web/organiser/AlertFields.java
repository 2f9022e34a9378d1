package org.countersign.signature.web.organiser;

import org.countersign.signature.application.AlertForm;

/**
 * Whom an organiser wants told, as they type it.
 *
 * @param milestones numbers with whatever between them; empty for each milestone
 */
public record AlertFields(String name, String email, String language, String milestones) {

    static final AlertFields EMPTY = new AlertFields("", "", "", "");

    AlertForm form() {
        return new AlertForm(name, email, PetitionForm.absentIfEmpty(language), PetitionForm.numbers(milestones));
    }

    /** Personal data: not shown. */
    @Override
    public String toString() {
        return "AlertFields[…]";
    }
}
