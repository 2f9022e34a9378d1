package org.countersign.signature.personaldata;

import java.util.Optional;

/**
 * What is known of a person: only ever in memory and encrypted.
 *
 * @param email the address as typed
 * @param language in which they read, as a language tag, if they said so
 */
public record PersonalData(String name, String email, Optional<String> comment, Optional<String> language) {

    /** Personal data: not shown. */
    @Override
    public String toString() {
        return "PersonalData[…]";
    }
}
