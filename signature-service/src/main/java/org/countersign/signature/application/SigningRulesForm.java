package org.countersign.signature.application;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.screening.RuleSyntax;
import org.jspecify.annotations.Nullable;

/**
 * The request to change signing rules, unvalidated. It has the whole set.
 *
 * @param allow origins that nothing else holds
 * @param hold origins whose calls are held
 * @param block origins whose calls are held, and not released with others
 * @param limits the limits; a limit that is null or absent does not hold anything
 * @param reason the organiser's reason
 */
public record SigningRulesForm(
        @Nullable OriginsForm allow,
        @Nullable OriginsForm hold,
        @Nullable OriginsForm block,
        @Nullable LimitsForm limits,
        @Nullable String reason) {

    private static final int MAX_ENTRIES = 500;
    private static final int MAX_REASON = 500;
    private static final long MAX_CALLS = 1_000_000;

    /** A list of origins. */
    public record OriginsForm(
            @Nullable List<@Nullable String> domains,
            @Nullable List<@Nullable String> networks) {}

    /** A limit. */
    public record LimitForm(@Nullable Long burst, @Nullable Long perMinute) {}

    /** The limits. */
    public record LimitsForm(
            @Nullable LimitForm network,
            @Nullable LimitForm domain,
            @Nullable LimitForm petition) {}

    /** The validated request. */
    public record ValidRules(SigningRules rules, String reason) {}

    /**
     * Validates the fields.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    public ValidRules validate() {
        FieldErrors errors = new FieldErrors();
        RuleList validAllow = list("allow", allow, errors);
        RuleList validHold = list("hold", hold, errors);
        RuleList validBlock = list("block", block, errors);
        if (limits == null) {
            errors.reject(
                    "limits", "is missing: give the limits as GET returns them, and null for one that has no limit");
        }
        Optional<SigningLimit> network = limit("limits.network", limits == null ? null : limits.network(), errors);
        Optional<SigningLimit> domain = limit("limits.domain", limits == null ? null : limits.domain(), errors);
        Optional<SigningLimit> petition = limit("limits.petition", limits == null ? null : limits.petition(), errors);
        String validReason =
                errors.parse("reason", () -> org.countersign.signature.personaldata.PlainText.line(reason, MAX_REASON));
        errors.throwIfAny();
        return new ValidRules(
                new SigningRules(validAllow, validHold, validBlock, network, domain, petition), validReason);
    }

    private static RuleList list(String field, @Nullable OriginsForm list, FieldErrors errors) {
        return list == null
                ? RuleList.EMPTY
                : new RuleList(
                        entries(field + ".domains", list.domains(), RuleSyntax::domain, errors),
                        entries(field + ".networks", list.networks(), RuleSyntax::network, errors));
    }

    /** Parses each entry. An entry that is there twice counts once. */
    private static List<String> entries(
            String field,
            @Nullable List<@Nullable String> entries,
            Function<@Nullable String, String> syntax,
            FieldErrors errors) {
        List<@Nullable String> given = entries == null ? List.of() : entries;
        if (given.size() > MAX_ENTRIES) {
            errors.reject(field, "must have at most " + MAX_ENTRIES + " entries");
            return List.of();
        }
        Set<String> valid = new LinkedHashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String entry = given.get(i);
            String parsed = errors.parse(field + "[" + i + "]", () -> syntax.apply(entry));
            if (parsed != null) {
                valid.add(parsed);
            }
        }
        return new ArrayList<>(valid);
    }

    private static Optional<SigningLimit> limit(String field, @Nullable LimitForm limit, FieldErrors errors) {
        if (limit == null) {
            return Optional.empty();
        }
        Long burst = number(field + ".burst", limit.burst(), 1, errors);
        Long perMinute = number(field + ".perMinute", limit.perMinute(), 0, errors);
        return burst == null || perMinute == null ? Optional.empty() : Optional.of(new SigningLimit(burst, perMinute));
    }

    private static @Nullable Long number(String field, @Nullable Long number, long min, FieldErrors errors) {
        if (number == null || number < min || number > MAX_CALLS) {
            errors.reject(field, "must be a whole number from " + min + " to " + MAX_CALLS);
            return null;
        }
        return number;
    }
}
