package org.countersign.signature.signer;

import java.util.Optional;

/**
 * What is known of a person: only ever in memory and encrypted.
 *
 * @param email the address as typed
 */
public record PersonalData(String name, String email, Optional<String> comment) {

    /** Personal data: not shown. */
    @Override
    public String toString() {
        return "PersonalData[…]";
    }
}
