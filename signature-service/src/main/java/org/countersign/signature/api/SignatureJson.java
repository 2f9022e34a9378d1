package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.countersign.signature.domain.signature.SignatureView;

/** The status of a signature as the API shows it. */
record SignatureJson(@JsonProperty("signatureId") String id, String petition, String status) {

    static SignatureJson of(SignatureView signature) {
        return new SignatureJson(
                signature.id().toString(),
                signature.petition().value(),
                signature.status().text());
    }
}
