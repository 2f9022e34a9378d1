package org.countersign.signature.signals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * The signals of the sign call that made a form.
 *
 * @param at when they were written
 * @param network the keyed hash of the IPv4 /24 or IPv6 /64
 * @param wider the keyed hash of the IPv4 /24 or IPv6 /48
 * @param seconds for how many seconds the form was open; {@link SigningSignal#UNKNOWN} if unknown
 * @param generated whether the local part of the address looks generated
 */
public record FormSignals(Instant at, long network, long wider, int seconds, boolean generated) {

    /** Tells whether the call came from one of these networks. */
    public boolean isFrom(Set<NetworkHash> networks) {
        LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
        return network != SignalHashes.NONE
                && (networks.contains(new NetworkHash(day, network)) || networks.contains(new NetworkHash(day, wider)));
    }

    /** Tells whether the form is known to have been open for less than a number of seconds. */
    public boolean isFasterThan(int limit) {
        return seconds != SigningSignal.UNKNOWN && seconds < limit;
    }

    /** Hides the signals. */
    @Override
    public String toString() {
        return "FormSignals[" + at + "]";
    }
}
