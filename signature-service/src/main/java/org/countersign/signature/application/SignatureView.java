package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;

/** Where a signature stands. */
public record SignatureView(SignatureId id, PetitionSlug petition, SignatureStatus status) {

    /** The same as the API shows it. */
    public record Json(@JsonProperty("signatureId") String id, String petition, String status) {}

    public Json json() {
        return new Json(id.toString(), petition.value(), status.text());
    }
}
