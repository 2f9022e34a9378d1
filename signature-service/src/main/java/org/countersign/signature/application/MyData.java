package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All data that is held about a signer: the input of each signing, and the events of the signature.
 *
 * @param signatureId the signature
 * @param petition the petition's slug
 * @param status the current status
 * @param erased whether the personal data was erased
 * @param given the input of each signing
 * @param events the events of the signature
 */
public record MyData(
        String signatureId,
        String petition,
        String status,
        boolean erased,
        List<GivenData> given,
        List<SignatureEventView> events) {

    /**
     * The input of one signing. Personal data is null after an erasure. Comment and language are also null if the
     * signer gave none.
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record GivenData(
            int round,
            Instant at,
            String country,
            @JsonProperty("public") boolean publicly,
            boolean updates,
            @Nullable String name,
            @Nullable String email,
            @Nullable String comment,
            @Nullable String language) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "GivenData[…]";
        }
    }

    /** An event of the signature. */
    public record SignatureEventView(String type, Instant at) {}
}
