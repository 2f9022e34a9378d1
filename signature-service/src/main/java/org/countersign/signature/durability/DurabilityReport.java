package org.countersign.signature.durability;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The result of a check.
 *
 * @param at when it was made, or empty before the first one
 * @param findings what was found, in the order of the codes
 * @param synchronousStandbys the number of connected synchronous standbys, if known
 * @param inSyncReplicas the lowest number of in-sync replicas of a partition, if known
 */
record DurabilityReport(
        Optional<Instant> at,
        List<DurabilityFinding> findings,
        OptionalInt synchronousStandbys,
        OptionalInt inSyncReplicas) {

    /** The report before the first check. */
    static final DurabilityReport NONE =
            new DurabilityReport(Optional.empty(), List.of(), OptionalInt.empty(), OptionalInt.empty());

    boolean has(FindingCode code) {
        return findings.stream().anyMatch(finding -> finding.code() == code);
    }

    /** Returns the findings that a setting causes. */
    List<DurabilityFinding> settings() {
        return findings.stream().filter(finding -> finding.code().isSetting()).toList();
    }

    /** Returns all findings as one text. */
    String text() {
        return findings.stream().map(DurabilityFinding::text).collect(Collectors.joining(" "));
    }
}
