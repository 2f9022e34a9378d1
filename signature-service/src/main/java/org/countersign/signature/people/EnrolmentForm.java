package org.countersign.signature.people;

/**
 * What a new person types.
 *
 * @param name the name
 * @param email the mail address
 * @param password the password
 * @param secret the sealed secret of the codes, as the page had it
 * @param code the first code of the app
 */
public record EnrolmentForm(String name, String email, String password, String secret, String code) {

    /** Hides what was typed. */
    @Override
    public String toString() {
        return "EnrolmentForm[…]";
    }
}
