package org.countersign.signature.signals;

import java.time.LocalDate;

/**
 * The keyed hash of a network.
 *
 * @param day the day of the key in UTC
 * @param hash the hash of an IPv4 /24, IPv6 /64 or IPv6 /48
 */
public record NetworkHash(LocalDate day, long hash) {

    /** Hides the hash. */
    @Override
    public String toString() {
        return "NetworkHash[" + day + "]";
    }
}
