package org.countersign.signature.web.organiser;

import org.countersign.signature.signers.SignerQueryForm;
import org.jspecify.annotations.Nullable;

/**
 * The form of a search for signers, as the organiser filled it in.
 *
 * @param from the local date and time of an HTML form, in UTC
 * @param to the local date and time of an HTML form, in UTC
 * @param after where the search continues; empty at first
 */
public record SignerFields(
        @Nullable String email,
        @Nullable String id,
        @Nullable String from,
        @Nullable String to,
        @Nullable String state,
        @Nullable String after) {

    static final SignerFields EMPTY = new SignerFields("", "", "", "", "", "");

    private static final int WITHOUT_SECONDS = "2030-01-31T12:00".length();
    private static final int WITH_SECONDS = "2030-01-31T12:00:00".length();

    SignerQueryForm form() {
        return new SignerQueryForm(
                PetitionForm.nullIfBlank(email),
                PetitionForm.nullIfBlank(id),
                utc(from),
                utc(to),
                PetitionForm.nullIfBlank(state),
                null,
                PetitionForm.nullIfBlank(after));
    }

    private static @Nullable String utc(@Nullable String local) {
        String time = PetitionForm.nullIfBlank(local);
        if (time == null) {
            return null;
        }
        return time.length() == WITHOUT_SECONDS ? time + ":00Z" : time.length() == WITH_SECONDS ? time + "Z" : time;
    }

    /** Hides the address. */
    @Override
    public String toString() {
        return "SignerFields[…]";
    }
}
