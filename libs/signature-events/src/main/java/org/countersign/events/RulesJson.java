package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.events.SigningRules.SigningLimit;
import tools.jackson.core.JsonGenerator;

/** The JSON form of signing rules in an event: one field for each list, and two for each limit that there is. */
final class RulesJson {

    private static final String ALLOW = "allow";
    private static final String HOLD = "hold";
    private static final String BLOCK = "block";
    private static final String NETWORK = "network";
    private static final String DOMAIN = "domain";
    private static final String PETITION = "petition";

    private RulesJson() {}

    static void write(SigningRulesChanged changed, JsonGenerator json) {
        json.writeStringProperty("actor", changed.actor());
        json.writeStringProperty("reason", changed.reason());
        SigningRules rules = changed.rules();
        list(ALLOW, rules.allow(), json);
        list(HOLD, rules.hold(), json);
        list(BLOCK, rules.block(), json);
        limit(NETWORK, rules.perNetwork(), json);
        limit(DOMAIN, rules.perDomain(), json);
        limit(PETITION, rules.perPetition(), json);
    }

    private static void list(String name, RuleList list, JsonGenerator json) {
        texts(name + "Domains", list.domains(), json);
        texts(name + "Networks", list.networks(), json);
    }

    private static void texts(String name, List<String> texts, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    private static void limit(String name, Optional<SigningLimit> limit, JsonGenerator json) {
        limit.ifPresent(present -> {
            json.writeNumberProperty(name + "Burst", present.burst());
            json.writeNumberProperty(name + "PerMinute", present.perMinute());
        });
    }

    static SigningRulesChanged read(PetitionSlug petition, Instant at, EventJson.Fields fields) {
        return new SigningRulesChanged(
                petition,
                at,
                fields.text("actor"),
                fields.text("reason"),
                new SigningRules(
                        list(ALLOW, fields),
                        list(HOLD, fields),
                        list(BLOCK, fields),
                        limit(NETWORK, fields),
                        limit(DOMAIN, fields),
                        limit(PETITION, fields)));
    }

    private static RuleList list(String name, EventJson.Fields fields) {
        return new RuleList(fields.list(name + "Domains", String.class), fields.list(name + "Networks", String.class));
    }

    private static Optional<SigningLimit> limit(String name, EventJson.Fields fields) {
        return fields.optional(name + "Burst", Long.class)
                .map(burst -> new SigningLimit(burst, fields.number(name + "PerMinute")));
    }
}
