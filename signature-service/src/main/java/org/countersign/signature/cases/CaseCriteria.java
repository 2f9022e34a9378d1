package org.countersign.signature.cases;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.events.SignatureStatus;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The valid criteria of a case, as they are stored and shown. They contain no address: addresses become the ids of
 * their signatures when the criteria are read. Of networks, only their number is left: while a case chooses its
 * signatures, their keyed hashes are kept beside it.
 *
 * @param domains globs of mail domains; empty for all
 * @param countries country codes; empty for all
 * @param from the earliest time of the signing
 * @param to the time of the signing from which on signatures are not taken
 * @param states statuses by name
 * @param ids the signatures to choose from; absent for all of the petition
 * @param networkCount the number of networks from which sign calls must have come; absent for all networks
 * @param formSeconds the form was open for less than this number of seconds
 * @param attack when the attack was found whose anomalies a signature must match
 * @param rule the rule that had held the sign call until it was released
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CaseCriteria(
        List<String> domains,
        List<String> countries,
        Optional<Instant> from,
        Optional<Instant> to,
        List<String> states,
        Optional<List<UUID>> ids,
        Optional<Integer> networkCount,
        Optional<Integer> formSeconds,
        Optional<Instant> attack,
        Optional<String> rule) {

    // A criterion of a later version must not be dropped: without it, a case would take more signatures.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    // Jackson leaves out what is not there.
    @SuppressWarnings({"ConstantValue", "NullAway"})
    public CaseCriteria {
        domains = domains == null ? List.of() : List.copyOf(domains);
        countries = countries == null ? List.of() : List.copyOf(countries);
        from = from == null ? Optional.empty() : from;
        to = to == null ? Optional.empty() : to;
        states = states == null ? List.of() : List.copyOf(states);
        ids = ids == null ? Optional.empty() : ids;
        networkCount = networkCount == null ? Optional.empty() : networkCount;
        formSeconds = formSeconds == null ? Optional.empty() : formSeconds;
        attack = attack == null ? Optional.empty() : attack;
        rule = rule == null ? Optional.empty() : rule;
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    static CaseCriteria ofJson(String json) {
        return JSON.readValue(json, CaseCriteria.class);
    }

    /** Tells whether signatures are chosen by what is known about their sign calls for some days only. */
    boolean expire() {
        return networkCount.isPresent() || formSeconds.isPresent() || attack.isPresent() || rule.isPresent();
    }

    /** Returns the criteria for which neither an address is opened nor a sign call looked up. */
    List<CaseCriterion> cheap() {
        List<CaseCriterion> criteria = new ArrayList<>();
        criteria.add(
                new StatusCriterion(states.stream().map(SignatureStatus::of).collect(Collectors.toUnmodifiableSet())));
        if (!countries.isEmpty()) {
            criteria.add(new CountryCriterion(Set.copyOf(countries)));
        }
        if (from.isPresent() || to.isPresent()) {
            criteria.add(new TimeCriterion(from, to));
        }
        return criteria;
    }

    /** Returns the criteria that open addresses. */
    List<CaseCriterion> ofAddresses() {
        return domains.isEmpty() ? List.of() : List.of(new DomainCriterion(domains));
    }
}
