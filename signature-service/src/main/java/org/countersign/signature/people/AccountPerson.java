package org.countersign.signature.people;

import java.util.UUID;

/**
 * A person with an account.
 *
 * @param id the pseudonym of the person, which the access log names
 * @param name the name
 * @param email the mail address as typed
 * @param operator whether the person operates the installation
 * @param enabled whether the person can sign in
 */
public record AccountPerson(UUID id, String name, String email, boolean operator, boolean enabled) {

    /** Returns how the access log names the person. */
    public String actor() {
        return actor(id);
    }

    /** Returns how the access log names the person with an id. */
    public static String actor(UUID person) {
        return "person " + person;
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "AccountPerson[" + id + "]";
    }
}
