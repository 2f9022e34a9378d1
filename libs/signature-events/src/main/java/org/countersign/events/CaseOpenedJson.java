package org.countersign.events;

import java.time.Instant;
import tools.jackson.core.JsonGenerator;

/** The JSON form of the opening of a case. */
final class CaseOpenedJson {

    private CaseOpenedJson() {}

    static void write(InvalidationCaseOpened opened, JsonGenerator json) {
        json.writeStringProperty("case", opened.invalidationCase().toString());
        json.writeNumberProperty("signatures", opened.signatures());
        json.writeNumberProperty("counted", opened.counted());
        json.writeStringProperty("reason", opened.reason());
        json.writeStringProperty("actor", opened.actor());
    }

    static InvalidationCaseOpened read(PetitionSlug petition, Instant at, EventJson.Fields fields) {
        return new InvalidationCaseOpened(
                fields.id("case"),
                petition,
                at,
                fields.number("signatures"),
                fields.number("counted"),
                fields.text("reason"),
                fields.text("actor"));
    }
}
