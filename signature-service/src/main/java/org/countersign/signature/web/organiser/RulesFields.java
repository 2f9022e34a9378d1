package org.countersign.signature.web.organiser;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.signature.application.SigningRulesForm;
import org.countersign.signature.application.SigningRulesForm.LimitForm;
import org.countersign.signature.application.SigningRulesForm.LimitsForm;
import org.countersign.signature.application.SigningRulesForm.OriginsForm;
import org.jspecify.annotations.Nullable;

/** The form of signing rules: one entry in a line, and empty fields for a limit that there is not. */
record RulesFields(
        @Nullable String allowDomains,
        @Nullable String allowNetworks,
        @Nullable String holdDomains,
        @Nullable String holdNetworks,
        @Nullable String blockDomains,
        @Nullable String blockNetworks,
        @Nullable String networkBurst,
        @Nullable String networkPerMinute,
        @Nullable String domainBurst,
        @Nullable String domainPerMinute,
        @Nullable String petitionBurst,
        @Nullable String petitionPerMinute,
        @Nullable String reason) {

    /** A number that no limit takes, so that the validation names the field. */
    private static final long NO_NUMBER = -1;

    static RulesFields of(SigningRules rules) {
        return new RulesFields(
                lines(rules.allow().domains()),
                lines(rules.allow().networks()),
                lines(rules.hold().domains()),
                lines(rules.hold().networks()),
                lines(rules.block().domains()),
                lines(rules.block().networks()),
                burst(rules.perNetwork()),
                perMinute(rules.perNetwork()),
                burst(rules.perDomain()),
                perMinute(rules.perDomain()),
                burst(rules.perPetition()),
                perMinute(rules.perPetition()),
                "");
    }

    private static String lines(List<String> entries) {
        return String.join("\n", entries);
    }

    private static String burst(Optional<SigningLimit> limit) {
        return limit.map(present -> Long.toString(present.burst())).orElse("");
    }

    private static String perMinute(Optional<SigningLimit> limit) {
        return limit.map(present -> Long.toString(present.perMinute())).orElse("");
    }

    SigningRulesForm form() {
        return new SigningRulesForm(
                origins(allowDomains, allowNetworks),
                origins(holdDomains, holdNetworks),
                origins(blockDomains, blockNetworks),
                new LimitsForm(
                        limit(networkBurst, networkPerMinute),
                        limit(domainBurst, domainPerMinute),
                        limit(petitionBurst, petitionPerMinute)),
                reason);
    }

    /** Returns the name of the form's field for a field of the API, such as {@code holdDomains} for hold.domains[3]. */
    static String fieldOf(String apiField) {
        String name = apiField.replaceAll("\\[.*", "").replaceFirst("^limits\\.", "");
        int dot = name.indexOf('.');
        return dot < 0
                ? name
                : name.substring(0, dot)
                        + name.substring(dot + 1, dot + 2).toUpperCase(Locale.ROOT)
                        + name.substring(dot + 2);
    }

    private static OriginsForm origins(@Nullable String domains, @Nullable String networks) {
        return new OriginsForm(entries(domains), entries(networks));
    }

    @SuppressWarnings("NullAway") // The list of the API may contain null. That of the form does not.
    private static List<@Nullable String> entries(@Nullable String text) {
        return text == null
                ? List.of()
                : text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    private static @Nullable LimitForm limit(@Nullable String burst, @Nullable String perMinute) {
        return isEmpty(burst) && isEmpty(perMinute) ? null : new LimitForm(number(burst), number(perMinute));
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static Long number(@Nullable String text) {
        String digits = text == null ? "" : text.strip();
        return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : NO_NUMBER;
    }
}
