package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.signature.application.RuleChanges;
import org.countersign.signature.application.SigningRulesForm;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Shows and changes the signing rules of a petition. */
@RestController
class RulesController {

    private final RuleChanges rules;

    RulesController(RuleChanges rules) {
        this.rules = rules;
    }

    /** Origins in JSON. */
    record OriginsJson(List<String> domains, List<String> networks) {

        static OriginsJson of(RuleList list) {
            return new OriginsJson(list.domains(), list.networks());
        }
    }

    /** A limit in JSON. */
    record LimitJson(long burst, long perMinute) {

        static @Nullable LimitJson of(Optional<SigningLimit> limit) {
            return limit.map(present -> new LimitJson(present.burst(), present.perMinute()))
                    .orElse(null);
        }
    }

    /** The limits in JSON: null for one without a limit. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LimitsJson(
            @Nullable LimitJson network,
            @Nullable LimitJson domain,
            @Nullable LimitJson petition) {}

    /** The rules in JSON. With a reason, it is the body of a change. */
    record RulesJsonBody(OriginsJson allow, OriginsJson hold, OriginsJson block, LimitsJson limits) {

        static RulesJsonBody of(SigningRules rules) {
            return new RulesJsonBody(
                    OriginsJson.of(rules.allow()),
                    OriginsJson.of(rules.hold()),
                    OriginsJson.of(rules.block()),
                    new LimitsJson(
                            LimitJson.of(rules.perNetwork()),
                            LimitJson.of(rules.perDomain()),
                            LimitJson.of(rules.perPetition())));
        }
    }

    @GetMapping("/api/petitions/{petition}/rules")
    RulesJsonBody rules(@PathVariable String petition) {
        return RulesJsonBody.of(rules.of(petition));
    }

    @PutMapping(path = "/api/petitions/{petition}/rules", consumes = MediaType.APPLICATION_JSON_VALUE)
    RulesJsonBody change(@PathVariable String petition, @RequestBody SigningRulesForm form, Authentication organiser) {
        return RulesJsonBody.of(rules.change(petition, form, organiser.getName()));
    }
}
