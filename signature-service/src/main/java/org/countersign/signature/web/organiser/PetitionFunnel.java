package org.countersign.signature.web.organiser;

import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/**
 * The signatures of a petition by status, as the page of an organiser shows them.
 *
 * @param pending the number of signatures that are not confirmed yet
 * @param withdrawn the number of withdrawn signatures
 * @param signed the number of signatures of any status
 * @param confirmed the share of verified signatures in percent
 */
record PetitionFunnel(long pending, long withdrawn, long signed, long confirmed) {

    /** Reads the answer of the counter. */
    static PetitionFunnel of(JsonNode counts) {
        long pending = counts.path("pending").asLong();
        long verified = counts.path("verified").asLong();
        long withdrawn = counts.path("withdrawn").asLong();
        long signed = LongStream.of(
                        pending,
                        verified,
                        withdrawn,
                        counts.path("expired").asLong(),
                        counts.path("invalidated").asLong())
                .sum();
        return new PetitionFunnel(pending, withdrawn, signed, signed == 0 ? 0 : Math.round(100.0 * verified / signed));
    }
}
