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
        @JsonAnySetter @Nullable Map<String, Object> others) {

    private static final int MAX_ITEMS = 1000;
    private static final List<String> STATES = List.of(SignatureStatus.PENDING.text(), SignatureStatus.VERIFIED.text());

    /**
     * Validates the criteria. Addresses become the ids of their signatures.
     *
     * @param prefix begins the names of the fields in errors
     * @param petition the petition of the case
     * @param pseudonyms makes the ids of addresses
     * @param errors takes the errors; the result is of use only if there are none
     */
    CaseCriteria validate(String prefix, PetitionSlug petition, PseudonymousIds pseudonyms, FieldErrors errors) {
        if (others != null) {
            others.keySet()
                    .forEach(name -> errors.reject(
                            prefix + name,
                            "is no criterion. Use domains, countries, from, to, states, ids or addresses"));
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
        boolean given = domains != null
                || countries != null
                || begin.isPresent()
                || end.isPresent()
                || states != null
                || ids != null
                || addresses != null;
        if (!given) {
            errors.reject(
                    prefix.isEmpty() ? "domains" : prefix.substring(0, prefix.length() - 1),
                    "must have at least one of domains, countries, from, to, states, ids and addresses");
        }
        return new CaseCriteria(
                validDomains,
                validCountries,
                begin,
                end,
                states == null ? STATES : validStates,
                both(
                        ids == null ? Optional.empty() : Optional.of(byId),
                        addresses == null ? Optional.empty() : Optional.of(byAddress)));
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
