package org.countersign.signature.signals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The signals of a sign call as the search for anomalies needs them.
 *
 * @param at when it was written
 * @param domain the keyed hash of the registered mail domain
 * @param network the keyed hash of the IPv4 /24 or IPv6 /48; {@link SignalHashes#NONE} if unknown
 * @param block the keyed hash of the IPv4 /16 or IPv6 /32 in 16 bits; {@link SignalHashes#NO_BLOCK} if unknown
 * @param form for how many seconds the form was open; {@link SigningSignal#UNKNOWN} if unknown
 * @param shared whether people who do not know each other have addresses of the domain
 * @param generated whether the local part looks generated
 * @param held whether a rule held the call
 * @param country the ISO 3166-1 alpha-2 code
 * @param language the primary language subtag in upper case; empty if unknown
 */
record SeenCall(
        Instant at,
        long domain,
        long network,
        int block,
        int form,
        boolean shared,
        boolean generated,
        boolean held,
        String country,
        String language) {

    /** Returns the day whose key made the hashes, in UTC. */
    LocalDate day() {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
