package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * All that is held about a signer: what they gave, each time they signed, and what happened to the signature.
 *
 * @param erased whether what they gave was erased
 */
public record MyData(
        String signatureId, String petition, String status, boolean erased, List<Given> given, List<Happened> events) {

    /**
     * What a signer gave in one signing; what is personal is null if it was erased, comment and language also if there
     * was none.
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Given(
            int round,
            Instant at,
            String country,
            @JsonProperty("public") boolean publicly,
            boolean updates,
            String name,
            String email,
            String comment,
            String language) {

        /** Personal data: not shown. */
        @Override
        public String toString() {
            return "Given[…]";
        }
    }

    /** Something that happened to the signature. */
    public record Happened(String type, Instant at) {}
}
