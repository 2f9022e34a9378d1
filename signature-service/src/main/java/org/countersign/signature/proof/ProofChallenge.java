package org.countersign.signature.proof;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A challenge of ALTCHA's first protocol (https://altcha.org/docs/server-integration/): the sender looks for the number
 * whose hash with the salt is the challenge.
 *
 * @param algorithm the hash function
 * @param challenge the hash of salt and number, in hexadecimal digits
 * @param maxNumber the highest possible number
 * @param salt random digits, and the time at which the challenge expires in seconds since 1970
 * @param signature the HMAC-SHA-256 of the challenge, in hexadecimal digits
 */
public record ProofChallenge(
        String algorithm,
        String challenge,
        @JsonProperty("maxnumber") int maxNumber,
        String salt,
        String signature) {}
