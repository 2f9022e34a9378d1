package org.countersign.signature.personaldata;

import java.util.Optional;

/**
 * The personal data of a signer, organiser or alert recipient. It exists only in memory and encrypted.
 *
 * @param name the name
 * @param email the address as typed
 * @param comment the public comment
 * @param language the language tag of the mails
 */
public record PersonalData(String name, String email, Optional<String> comment, Optional<String> language) {

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "PersonalData[…]";
    }
}
