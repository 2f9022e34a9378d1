package org.countersign.signature.signals;

import java.util.UUID;

/**
 * The signals of a sign call, without what they were computed from.
 *
 * @param stream the id of the signature
 * @param petition the slug of the petition
 * @param domain the keyed hash of the registered mail domain
 * @param network the keyed hash of the IPv4 /24 or IPv6 /64; 0 if unknown
 * @param wider the keyed hash of the IPv4 /24 or IPv6 /48; 0 if unknown
 * @param block the keyed hash of the IPv4 /16 or IPv6 /32 in 16 bits; 0 if unknown
 * @param form for how many seconds the form was open; {@link #UNKNOWN} if unknown
 * @param shared whether people who do not know each other have addresses of the domain
 * @param generated whether the local part looks as if a program had made it
 * @param proof whether the sender has done a proof of work
 * @param held whether a rule held the call
 * @param country the {@link LetterCode} of the country
 * @param language the {@link LetterCode} of the language; {@link LetterCode#NONE} if unknown
 */
record SigningSignal(
        UUID stream,
        String petition,
        long domain,
        long network,
        long wider,
        int block,
        int form,
        boolean shared,
        boolean generated,
        boolean proof,
        boolean held,
        short country,
        short language) {

    /** The form time of a call without one. */
    static final int UNKNOWN = -1;
}
