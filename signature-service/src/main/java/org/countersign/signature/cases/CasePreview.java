package org.countersign.signature.cases;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a case with some criteria would take.
 *
 * @param matches the number of signatures
 * @param verified the number of those that count
 * @param pending the number of those that are not confirmed
 * @param sample some of them, spread over the whole
 * @param signals how far back the criteria can look; absent if none needs signals
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CasePreview(
        long matches, long verified, long pending, List<SampledSignature> sample, Optional<SignalReach> signals) {

    /**
     * How far back criteria about sign calls can look.
     *
     * @param from the begin of the oldest day with signals; absent if there are none
     * @param unknown the number of signatures that no other criterion rules out, and whose signals are gone or were
     *     never kept
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record SignalReach(Optional<Instant> from, long unknown) {}

    /**
     * A signature of the sample.
     *
     * @param signatureId the signature
     * @param state its status
     * @param signedAt when its form was sent
     * @param country the country that the signer gave
     * @param address the address with most of the part before the @ left out; empty after an erasure
     */
    public record SampledSignature(UUID signatureId, String state, Instant signedAt, String country, String address) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "SampledSignature[" + signatureId + "]";
        }
    }
}
