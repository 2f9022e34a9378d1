package org.countersign.loadtest.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AttackReportTest {

    private final Map<SimulatedPerson, AttackRun.Fate> fates = new HashMap<>();
    private Optional<Duration> timeToAlert = Optional.of(Duration.ofSeconds(20));

    @Test
    void a_run_is_good_if_attackers_stay_out_and_all_honest_signers_get_their_mails() {
        add(true, AttackRun.Fate.NOT_MAILED, 96);
        add(true, AttackRun.Fate.VERIFIED, 4);
        add(false, AttackRun.Fate.VERIFIED, 800);
        add(false, AttackRun.Fate.MAILED, 200);
        AttackReport report = report(false, 804, 4);
        assertThat(report.caught()).isEqualTo(0.96);
        assertThat(report.wronglyHeld()).isZero();
        assertThat(report.isGood()).isTrue();
    }

    @Test
    void a_count_that_is_off_by_one_is_not_good() {
        add(false, AttackRun.Fate.VERIFIED, 10);
        assertThat(report(false, 9, 0).isGood()).isFalse();
    }

    @Test
    void too_many_counted_attackers_are_not_good_unless_they_use_mail_providers() {
        add(true, AttackRun.Fate.VERIFIED, 10);
        add(true, AttackRun.Fate.NOT_MAILED, 90);
        assertThat(report(false, 10, 10).isGood()).isFalse();
        assertThat(report(true, 10, 0).isGood()).isTrue();
    }

    @Test
    void honest_signers_without_a_mail_are_not_good() {
        add(false, AttackRun.Fate.VERIFIED, 990);
        add(false, AttackRun.Fate.NOT_MAILED, 6);
        assertThat(report(false, 990, 0).isGood()).isFalse();
    }

    @Test
    void attackers_that_a_case_cannot_find_are_not_good() {
        add(true, AttackRun.Fate.NOT_MAILED, 96);
        add(true, AttackRun.Fate.VERIFIED, 4);
        AttackReport report = report(false, 4, 1);
        assertThat(report.caughtAfterCase()).isEqualTo(0.97);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void a_case_that_removes_honest_signers_is_not_good() {
        add(true, AttackRun.Fate.NOT_MAILED, 200);
        add(false, AttackRun.Fate.VERIFIED, 100);
        assertThat(report(false, 100, 0).isGood()).isTrue();
        AttackReport report = report(false, 100, 1);
        assertThat(report.wronglyRemoved()).isEqualTo(0.01);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void an_export_that_differs_from_the_count_is_not_good() {
        add(false, AttackRun.Fate.VERIFIED, 10);
        AttackRun.AttackOutcome outcome = new AttackRun.AttackOutcome(fates, timeToAlert);
        assertThat(new AttackReport(outcome, false, 10, 0, 10, counted(1)).isGood())
                .isFalse();
        assertThat(new AttackReport(outcome, false, 10, 0, 10, counted(0)).isGood())
                .isTrue();
    }

    @Test
    void an_attack_without_an_alert_or_with_a_late_one_is_not_good() {
        add(true, AttackRun.Fate.NOT_MAILED, 200);
        assertThat(report(false, 0, 0).isGood()).isTrue();
        timeToAlert = Optional.of(Duration.ofSeconds(61));
        assertThat(report(false, 0, 0).isGood()).isFalse();
        timeToAlert = Optional.empty();
        assertThat(report(false, 0, 0).isGood()).isFalse();
    }

    private AttackReport report(boolean mailProviders, long counted, long removed) {
        return new AttackReport(
                new AttackRun.AttackOutcome(fates, timeToAlert),
                mailProviders,
                counted,
                removed,
                counted - removed,
                counted(removed));
    }

    /** Returns the addresses that count when the case has removed attackers first. */
    private Set<String> counted(long removed) {
        return fates.entrySet().stream()
                .filter(one -> one.getValue() == AttackRun.Fate.VERIFIED)
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(person -> !person.attacker()))
                .skip(removed)
                .map(SimulatedPerson::email)
                .collect(Collectors.toSet());
    }

    private void add(boolean attacker, AttackRun.Fate fate, int count) {
        for (int i = 0; i < count; i++) {
            fates.put(
                    new SimulatedPerson(
                            attacker,
                            Duration.ZERO,
                            "Ada Reed",
                            "ada" + fates.size() + "@reed.example",
                            "GB",
                            "10.0.0.1",
                            Optional.empty()),
                    fate);
        }
    }
}
