package org.countersign.signature.cases;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.signals.SignalNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The criteria of a case as an organiser gives them, unvalidated. All that are given must hold.
 *
 * @param domains globs of mail domains
 * @param countries country codes
 * @param from the earliest time of the signing
 * @param to the time of the signing from which on signatures are not taken
 * @param states {@code pending} and {@code verified}; both if absent
 * @param ids signature ids
 * @param addresses e-mail addresses; only the ids of their signatures are kept
 * @param networks addresses and networks in CIDR notation; only keyed hashes of them are kept, for a short time
 * @param formSeconds a whole number of seconds; the form was open for less
 * @param attack when an attack on the petition was found
 * @param rule a rule whose calls were released
 * @param others fields that are no criterion: a misspelt criterion must not be ignored
 */
public record CriteriaForm(
        @Nullable List<@Nullable String> domains,
        @Nullable List<@Nullable String> countries,
        @Nullable String from,
        @Nullable String to,
        @Nullable List<@Nullable String> states,
        @Nullable List<@Nullable String> ids,
        @Nullable List<@Nullable String> addresses,
        @Nullable List<@Nullable String> networks,
        @Nullable String formSeconds,
        @Nullable String attack,
        @Nullable String rule,
        @JsonAnySetter @Nullable Map<String, Object> others) {

    /** No criterion. */
    static final CriteriaForm NONE =
            new CriteriaForm(null, null, null, null, null, null, null, null, null, null, null, null);

    private static final int MAX_ITEMS = 1000;
    /** The networks for which signals have hashes. */
    private static final int MAX_NETWORK_UNITS = 1024;

    private static final int MAX_FORM_SECONDS = 3600;
    private static final int MAX_RULE = 300;
    private static final String NAMES =
            "domains, countries, from, to, states, ids, addresses, networks, formSeconds, attack";
    private static final List<String> STATES = List.of(SignatureStatus.PENDING.text(), SignatureStatus.VERIFIED.text());

    /**
     * Validates the criteria. Addresses become the ids of their signatures.
     *
     * @param prefix begins the names of the fields in errors
     * @param petition the petition of the case
     * @param pseudonyms makes the ids of addresses
     * @param errors takes the errors; the result is of use only if there are none
     */
    CaseForm.ValidCriteria validate(
            String prefix, PetitionSlug petition, PseudonymousIds pseudonyms, FieldErrors errors) {
        if (others != null) {
            others.keySet().forEach(name -> errors.reject(prefix + name, "is no criterion. Use " + NAMES + " or rule"));
        }
        List<String> validDomains = list(prefix + "domains", domains, DomainCriterion::parse, errors);
        List<String> validCountries =
                list(prefix + "countries", countries, code -> country(code).value(), errors);
        Optional<Instant> begin = time(prefix + "from", from, errors);
        Optional<Instant> end = time(prefix + "to", to, errors);
        if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
            errors.reject(prefix + "to", "must be after from");
        }
        List<String> validStates = list(prefix + "states", states, CriteriaForm::state, errors);
        List<UUID> byId = list(prefix + "ids", ids, CriteriaForm::id, errors);
        List<UUID> byAddress = list(
                prefix + "addresses",
                addresses,
                text -> pseudonyms.of(petition, EmailAddress.parse(text)).value(),
                errors);
        List<SignalNetwork> validNetworks = list(prefix + "networks", networks, SignalNetwork::parse, errors);
        if (validNetworks.stream().mapToInt(SignalNetwork::units).sum() > MAX_NETWORK_UNITS) {
            errors.reject(
                    prefix + "networks",
                    "must be at most " + MAX_NETWORK_UNITS + " networks of the size IPv4 /24, IPv6 /64 or IPv6 /48");
        }
        Optional<Integer> fasterThan = seconds(prefix + "formSeconds", errors);
        Optional<Instant> validAttack = time(prefix + "attack", attack, errors);
        Optional<String> validRule =
                Optional.ofNullable(rule).map(String::strip).filter(text -> !text.isEmpty());
        if (validRule.filter(text -> text.length() > MAX_RULE).isPresent()) {
            errors.reject(prefix + "rule", "must be a rule such as limit-domain");
        }
        boolean given = domains != null
                || countries != null
                || begin.isPresent()
                || end.isPresent()
                || states != null
                || ids != null
                || addresses != null
                || networks != null
                || fasterThan.isPresent()
                || validAttack.isPresent()
                || validRule.isPresent();
        if (!given) {
            errors.reject(
                    prefix.isEmpty() ? "domains" : prefix.substring(0, prefix.length() - 1),
                    "must have at least one of " + NAMES + " and rule");
        }
        CaseCriteria criteria = new CaseCriteria(
                validDomains,
                validCountries,
                begin,
                end,
                states == null ? STATES : validStates,
                both(
                        ids == null ? Optional.empty() : Optional.of(byId),
                        addresses == null ? Optional.empty() : Optional.of(byAddress)),
                networks == null ? Optional.empty() : Optional.of(validNetworks.size()),
                fasterThan,
                validAttack,
                validRule);
        return new CaseForm.ValidCriteria(criteria, validNetworks);
    }

    private Optional<Integer> seconds(String field, FieldErrors errors) {
        String text = formSeconds == null ? "" : formSeconds.strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_FORM_SECONDS) {
            errors.reject(field, "must be a whole number of seconds from 1 to " + MAX_FORM_SECONDS);
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text));
    }

    private static Optional<List<UUID>> both(Optional<List<UUID>> ids, Optional<List<UUID>> addresses) {
        if (ids.isEmpty() || addresses.isEmpty()) {
            return ids.isPresent() ? ids : addresses;
        }
        Set<UUID> common = new LinkedHashSet<>(ids.get());
        common.retainAll(addresses.get());
        return Optional.of(List.copyOf(common));
    }

    private static <T> List<T> list(
            String field, @Nullable List<@Nullable String> texts, Function<String, T> parse, FieldErrors errors) {
        if (texts == null) {
            return List.of();
        }
        if (texts.isEmpty() || texts.size() > MAX_ITEMS) {
            errors.reject(field, "must have 1 to " + MAX_ITEMS + " items, or be left out");
            return List.of();
        }
        Set<T> items = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i) == null ? "" : texts.get(i);
            try {
                items.add(parse.apply(text));
            } catch (IllegalArgumentException e) {
                errors.reject(field + "[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        return new ArrayList<>(items);
    }

    private static Optional<Instant> time(String field, @Nullable String text, FieldErrors errors) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text.strip()));
        } catch (DateTimeException e) {
            errors.reject(field, "must be a time in UTC such as 2030-01-31T12:00:00Z");
            return Optional.empty();
        }
    }

    private static CountryCode country(String code) {
        try {
            return new CountryCode(code.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a country code such as AM", e);
        }
    }

    private static String state(String text) {
        if (!STATES.contains(text)) {
            throw new IllegalArgumentException("must be pending or verified");
        }
        return text;
    }

    private static UUID id(String text) {
        try {
            return SignatureId.parse(text.strip()).value();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a signature id, a UUID of 36 characters", e);
        }
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "CriteriaForm[…]";
    }
}
