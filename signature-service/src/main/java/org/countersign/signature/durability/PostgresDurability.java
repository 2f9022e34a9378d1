package org.countersign.signature.durability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What PostgreSQL does with a commit.
 *
 * @param synchronousCommit the value in the session of the service
 * @param standbyNames {@code synchronous_standby_names}
 * @param synchronousStandbys the number of connected synchronous standbys, or empty if nobody may see it
 * @param observer the role that needs the right to see it
 */
record PostgresDurability(
        boolean fsync,
        boolean fullPageWrites,
        String synchronousCommit,
        String standbyNames,
        OptionalInt synchronousStandbys,
        String observer) {

    /** With these values, a commit does not wait for a standby. */
    private static final Set<String> ASYNCHRONOUS = Set.of("off", "local");

    List<DurabilityFinding> findings() {
        List<DurabilityFinding> findings = new ArrayList<>();
        if (!fsync) {
            findings.add(new DurabilityFinding(
                    FindingCode.POSTGRES_FSYNC,
                    "fsync is off, so a power failure loses commits or the whole database.",
                    "Set fsync = on in PostgreSQL."));
        }
        if (!fullPageWrites) {
            findings.add(new DurabilityFinding(
                    FindingCode.POSTGRES_FULL_PAGE_WRITES,
                    "full_page_writes is off, so a power failure may damage pages.",
                    "Set full_page_writes = on in PostgreSQL."));
        }
        if (ASYNCHRONOUS.contains(synchronousCommit)) {
            findings.add(new DurabilityFinding(
                    FindingCode.POSTGRES_SYNCHRONOUS_COMMIT,
                    "synchronous_commit is " + synchronousCommit
                            + " for the service, so no commit waits for a standby.",
                    "Set synchronous_commit = on in PostgreSQL, and reset it for the role and the database."));
        }
        standby().ifPresent(findings::add);
        return findings;
    }

    private Optional<DurabilityFinding> standby() {
        if (standbyNames.isBlank()) {
            return Optional.of(new DurabilityFinding(
                    FindingCode.POSTGRES_NO_STANDBY,
                    "synchronous_standby_names is empty, so commits are lost with the primary.",
                    "Set synchronous_standby_names in PostgreSQL to its standbys."));
        }
        if (synchronousStandbys.isEmpty()) {
            return Optional.of(new DurabilityFinding(
                    FindingCode.POSTGRES_STANDBY_UNKNOWN,
                    "Nobody may see whether a synchronous standby is connected.",
                    "Run in PostgreSQL: grant pg_read_all_stats to " + observer + ";"));
        }
        if (synchronousStandbys.getAsInt() == 0) {
            return Optional.of(new DurabilityFinding(
                    FindingCode.POSTGRES_STANDBY_AWAY,
                    "No standby of synchronous_standby_names is connected, so commits wait.",
                    "Start the standby. Its application_name must be in synchronous_standby_names."));
        }
        return Optional.empty();
    }
}
