package org.countersign.signature.signers;

import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * A person as the organiser named them, and why they are erased.
 *
 * @param email the address in any spelling
 * @param reason the reason of an erasure; absent for a search
 */
public record PersonForm(@Nullable String email, @Nullable String reason) {

    private static final int MAX_REASON_LENGTH = 150;

    /** @throws InvalidFieldsException if the address is invalid */
    public EmailAddress address() {
        FieldErrors errors = new FieldErrors();
        EmailAddress address = errors.parse("email", () -> EmailAddress.parse(email));
        errors.throwIfAny();
        return address;
    }

    /** @throws InvalidFieldsException if the address or the reason is invalid */
    public ErasureRequest erasure() {
        FieldErrors errors = new FieldErrors();
        EmailAddress address = errors.parse("email", () -> EmailAddress.parse(email));
        String valid = errors.parse("reason", () -> reason(reason));
        errors.throwIfAny();
        return new ErasureRequest(address, valid);
    }

    /** A valid request for an erasure. */
    public record ErasureRequest(EmailAddress address, String reason) {}

    /**
     * Validates the reason of an erasure, which the access log keeps.
     *
     * @throws IllegalArgumentException if it is missing, too long, or contains an address
     */
    public static String reason(@Nullable String text) {
        String reason = PlainText.line(text, MAX_REASON_LENGTH);
        if (reason.contains("@")) {
            throw new IllegalArgumentException("must have no e-mail address, because the access log keeps the reason");
        }
        return reason;
    }

    /** Hides the address. */
    @Override
    public String toString() {
        return "PersonForm[…]";
    }
}
