package org.countersign.loadtest.attack;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The figures of one run. */
final class AttackReport {

    /** The least share of attackers that must stay out of the count, without mail providers. */
    static final double CAUGHT = 0.95;
    /** The least share of attackers that must be out of the count after one case, without mail providers. */
    static final double CAUGHT_AFTER_CASE = 0.995;
    /** The longest time from the hundredth sign call of an attack to the alert. */
    static final Duration ALERT = Duration.ofSeconds(60);
    /** An attack of this size may go unnoticed. */
    static final int UNNOTICED = 100;
    /** The highest share of honest signers that may be held, and that a case may remove. */
    static final double HELD = 0.005;

    private final AttackRun.AttackOutcome outcome;
    private final Map<AttackRun.Fate, Long> attackers;
    private final Map<AttackRun.Fate, Long> honest;
    private final boolean mailProviders;
    private final long counted;
    private final long removed;
    private final long countedAfterCase;
    private final Set<String> stillCounted;

    /**
     * Creates the report.
     *
     * @param mailProviders whether an attack uses accounts at mail providers, for which no share must be caught
     * @param counted the verified signatures that the counter shows at the end of the attack
     * @param removed the signatures that one case took out of the count
     * @param countedAfterCase the verified signatures that the counter shows after the case
     * @param stillCounted the addresses that the export lists after the case
     */
    AttackReport(
            AttackRun.AttackOutcome outcome,
            boolean mailProviders,
            long counted,
            long removed,
            long countedAfterCase,
            Set<String> stillCounted) {
        this.outcome = outcome;
        this.mailProviders = mailProviders;
        this.counted = counted;
        this.removed = removed;
        this.countedAfterCase = countedAfterCase;
        this.stillCounted = Set.copyOf(stillCounted);
        attackers = count(outcome.fates(), true);
        honest = count(outcome.fates(), false);
    }

    private static Map<AttackRun.Fate, Long> count(Map<SimulatedPerson, AttackRun.Fate> fates, boolean attacker) {
        Map<AttackRun.Fate, Long> counts = new EnumMap<>(AttackRun.Fate.class);
        fates.forEach((person, fate) -> {
            if (person.attacker() == attacker) {
                counts.merge(fate, 1L, Long::sum);
            }
        });
        return counts;
    }

    /** Returns the number of persons whose signatures were confirmed. */
    static long confirmed(Map<SimulatedPerson, AttackRun.Fate> fates) {
        return fates.values().stream()
                .filter(fate -> fate == AttackRun.Fate.VERIFIED)
                .count();
    }

    /** Returns the share of attackers that are not in the verified count, 1 if there are none. */
    double caught() {
        return all(attackers) == 0 ? 1 : 1 - (double) of(attackers, AttackRun.Fate.VERIFIED) / all(attackers);
    }

    /** Returns the share of attackers that are not in the verified count after the case, 1 if there are none. */
    double caughtAfterCase() {
        return all(attackers) == 0
                ? 1
                : 1 - (double) (of(attackers, AttackRun.Fate.VERIFIED) - removed(true)) / all(attackers);
    }

    /** Returns the share of honest signers that the case took out of the count. */
    double wronglyRemoved() {
        return all(honest) == 0 ? 0 : (double) removed(false) / all(honest);
    }

    private long removed(boolean attacker) {
        return outcome.fates().entrySet().stream()
                .filter(one -> one.getKey().attacker() == attacker && one.getValue() == AttackRun.Fate.VERIFIED)
                .filter(one -> !stillCounted.contains(one.getKey().email()))
                .count();
    }

    /** Returns the share of honest signers that got no mail. */
    double wronglyHeld() {
        return all(honest) == 0
                ? 0
                : (double) (of(honest, AttackRun.Fate.NOT_MAILED) + of(honest, AttackRun.Fate.REFUSED)) / all(honest);
    }

    private long confirmed() {
        return of(attackers, AttackRun.Fate.VERIFIED) + of(honest, AttackRun.Fate.VERIFIED);
    }

    /** Returns whether all figures are reached and the counter shows exactly the confirmed signatures. */
    boolean isGood() {
        boolean isCaught = caught() >= CAUGHT && caughtAfterCase() >= CAUGHT_AFTER_CASE;
        return (mailProviders || isCaught) && isAlerted() && isHonestCounted() && isExact();
    }

    private boolean isHonestCounted() {
        return wronglyHeld() <= HELD && wronglyRemoved() <= HELD;
    }

    /** An attack that is too small to be seen needs no alert. */
    private boolean isAlerted() {
        return all(attackers) <= UNNOTICED
                || outcome.timeToAlert()
                        .filter(time -> time.compareTo(ALERT) <= 0)
                        .isPresent();
    }

    private boolean isExact() {
        return confirmed() == counted
                && confirmed() - removed == countedAfterCase
                && stillCounted.size() == countedAfterCase;
    }

    void print(PrintWriter out) {
        printGroup(out, "attackers", attackers);
        printGroup(out, "honest signers", honest);
        out.printf(
                "%-26s %.1f %% (%s)%n",
                "attackers caught",
                100 * caught(),
                mailProviders
                        ? "no target with accounts at mail providers"
                        : "at least %.0f %%".formatted(100 * CAUGHT));
        out.printf("%-26s %.2f %% (at most %.1f %%)%n", "honest signers not mailed", 100 * wronglyHeld(), 100 * HELD);
        out.printf(
                "%-26s %s (at most %d s after the hundredth sign call of the attack)%n",
                "alert",
                outcome.timeToAlert()
                        .map(time -> "%.1f s".formatted(time.toMillis() / 1e3))
                        .orElse("none"),
                ALERT.toSeconds());
        out.printf(
                "%-26s %,d, of which the attack added %,d%n",
                "verified count", counted, of(attackers, AttackRun.Fate.VERIFIED));
        out.printf(
                "%-26s %,d removed, %,d of them honest (at most %.1f %%); "
                        + "%.1f %% of the attackers are not counted (%s)%n",
                "after one case",
                removed,
                removed(false),
                100 * HELD,
                100 * caughtAfterCase(),
                mailProviders ? "no target" : "at least %.1f %%".formatted(100 * CAUGHT_AFTER_CASE));
        if (!isExact()) {
            out.printf(
                    "%-26s %,d were confirmed and %,d removed, the count is %,d, and the export has %,d%n",
                    "the count is wrong", confirmed(), removed, countedAfterCase, stillCounted.size());
        }
        out.flush();
    }

    private static void printGroup(PrintWriter out, String name, Map<AttackRun.Fate, Long> fates) {
        out.printf(
                "%-26s %,d: %,d verified, %,d mailed only, %,d not mailed, %,d refused%n",
                name,
                all(fates),
                of(fates, AttackRun.Fate.VERIFIED),
                of(fates, AttackRun.Fate.MAILED),
                of(fates, AttackRun.Fate.NOT_MAILED),
                of(fates, AttackRun.Fate.REFUSED));
    }

    private static long all(Map<AttackRun.Fate, Long> fates) {
        return fates.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long of(Map<AttackRun.Fate, Long> fates, AttackRun.Fate fate) {
        return fates.getOrDefault(fate, 0L);
    }
}
