package org.countersign.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import tools.jackson.core.JsonGenerator;

/** The JSON form of a detected attack: two lists of the same length. */
final class AttackJson {

    private static final String KINDS = "kinds";
    private static final String PERCENTS = "percents";

    private AttackJson() {}

    static void write(SigningAttackDetected detected, JsonGenerator json) {
        json.writeArrayPropertyStart(KINDS);
        detected.anomalies().forEach(anomaly -> json.writeString(anomaly.kind()));
        json.writeEndArray();
        json.writeArrayPropertyStart(PERCENTS);
        detected.anomalies().forEach(anomaly -> json.writeNumber(anomaly.percent()));
        json.writeEndArray();
    }

    static SigningAttackDetected read(PetitionSlug petition, Instant at, EventJson.Fields fields) {
        List<String> kinds = fields.list(KINDS, String.class);
        List<Long> percents = fields.list(PERCENTS, Long.class);
        if (kinds.size() != percents.size()) {
            throw new UnreadableEventException("the fields 'kinds' and 'percents' differ in length");
        }
        List<AttackAnomaly> anomalies = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            anomalies.add(new AttackAnomaly(kinds.get(i), percents.get(i)));
        }
        return new SigningAttackDetected(petition, at, anomalies);
    }
}
