package org.countersign.signature.people;

/**
 * The secret of the codes of a new person.
 *
 * @param sealed the secret for the hidden field of the form. No other link accepts it
 * @param text the secret to type into an app
 * @param address the secret as an address that opens an app
 */
public record EnrolmentSecret(String sealed, String text, String address) {

    /** Hides the secret. */
    @Override
    public String toString() {
        return "EnrolmentSecret[…]";
    }
}
