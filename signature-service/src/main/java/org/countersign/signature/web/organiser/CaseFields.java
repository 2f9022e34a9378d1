package org.countersign.signature.web.organiser;

import java.util.Arrays;
import java.util.List;
import org.countersign.signature.cases.CaseForm;
import org.countersign.signature.cases.CriteriaForm;
import org.jspecify.annotations.Nullable;

/**
 * The form of a case as the organiser fills it in. Lists have one item per line, or several with commas or spaces.
 *
 * @param states {@code pending} and {@code verified}
 */
public record CaseFields(
        @Nullable String domains,
        @Nullable String countries,
        @Nullable String from,
        @Nullable String to,
        @Nullable List<String> states,
        @Nullable String ids,
        @Nullable String addresses,
        @Nullable String networks,
        @Nullable String formSeconds,
        @Nullable String attack,
        @Nullable String rule,
        @Nullable String reason,
        @Nullable String publicReason) {

    static final CaseFields EMPTY = prefilled("", "", "");

    /**
     * Returns a form for an attack or a rule.
     *
     * @param attack when the attack was found; empty for none
     * @param rule the rule; empty for none
     * @param reason the reason that the organiser may change
     */
    static CaseFields prefilled(String attack, String rule, String reason) {
        return new CaseFields("", "", "", "", List.of("pending", "verified"), "", "", "", "", attack, rule, reason, "");
    }

    CaseForm form() {
        // A box that is not ticked is not sent. Without any, no signature can be meant.
        return new CaseForm(
                new CriteriaForm(
                        items(domains),
                        items(countries),
                        from,
                        to,
                        isUnrestricted() ? null : List.copyOf(states == null ? List.of() : states),
                        items(ids),
                        items(addresses),
                        items(networks),
                        formSeconds,
                        attack,
                        rule,
                        null),
                reason,
                publicReason);
    }

    /** Returns a value that tells whether the criteria have changed since a preview. */
    public String previewed() {
        return Integer.toHexString(Arrays.asList(
                        domains,
                        countries,
                        from,
                        to,
                        statesOrNone(),
                        ids,
                        addresses,
                        networks,
                        formSeconds,
                        attack,
                        rule)
                .hashCode());
    }

    private boolean isUnrestricted() {
        return states != null && states.containsAll(EMPTY.statesOrNone());
    }

    private List<String> statesOrNone() {
        return states == null ? List.of() : states;
    }

    private static @Nullable List<@Nullable String> items(@Nullable String text) {
        return text == null || text.isBlank()
                ? null
                : Arrays.asList(text.strip().split("[\\s,;]+"));
    }

    /** Tells whether the form chooses signatures of a status. */
    public boolean has(String state) {
        return statesOrNone().contains(state);
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "CaseFields[…]";
    }
}
