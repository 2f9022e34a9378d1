package org.countersign.signature.durability;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.countersign.support.start.StartRefusedException;

/** What follows from a finding. */
enum DurabilityPolicy {
    /** It is logged, and visible in health and metrics. */
    REPORTED,
    /** In addition, the service does not start with a setting that risks signatures. */
    REQUIRED;

    private static final String SETTING = "COUNTERSIGN_DURABILITY";

    /**
     * Reads the setting.
     *
     * @throws StartRefusedException if the value is none of the names
     */
    static DurabilityPolicy parse(String value) {
        return Arrays.stream(values())
                .filter(policy -> policy.toString().equals(value.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new StartRefusedException(
                        SETTING + " is \"" + value + "\", which is not a policy.",
                        "Set " + SETTING + " to one of: "
                                + Arrays.stream(values())
                                        .map(DurabilityPolicy::toString)
                                        .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
