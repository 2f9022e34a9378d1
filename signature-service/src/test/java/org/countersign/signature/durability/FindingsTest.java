package org.countersign.signature.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.countersign.support.start.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Health;

class FindingsTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final PostgresDurability SAFE_POSTGRES = postgres(true, true, "on", "ANY 1 (a, b)", 1);
    private static final TopicDurability SAFE_TOPIC = new TopicDurability("petition-events", 3, 3, 2, false);

    private static PostgresDurability postgres(
            boolean fsync, boolean pages, String commit, String names, int standbys) {
        return new PostgresDurability(
                fsync,
                pages,
                commit,
                names,
                standbys < 0 ? OptionalInt.empty() : OptionalInt.of(standbys),
                "signature_service_owner");
    }

    private static String codes(List<DurabilityFinding> findings) {
        return findings.stream().map(finding -> finding.code().code()).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, on, '*', 1, ''",
        "true, true, remote_apply, '*', 2, ''",
        "true, true, remote_write, '*', 1, ''",
        "false, true, on, '*', 1, postgres-fsync",
        "true, false, on, '*', 1, postgres-full-page-writes",
        "true, true, off, '*', 1, postgres-synchronous-commit",
        "true, true, local, '*', 1, postgres-synchronous-commit",
        "true, true, on, '', 0, postgres-no-standby",
        "true, true, on, '*', 0, postgres-standby-away",
        "true, true, on, '*', -1, postgres-standby-unknown",
        "false, false, off, '', -1, "
                + "postgres-fsync postgres-full-page-writes postgres-synchronous-commit postgres-no-standby"
    })
    void each_setting_of_postgresql_that_risks_a_commit_is_a_finding(
            boolean fsync, boolean pages, String commit, String names, int standbys, String expected) {
        assertThat(codes(postgres(fsync, pages, commit, names, standbys).findings()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3, 2, false, ''",
        "3, 2, 2, false, ''",
        "2, 2, 2, false, ''",
        "1, 1, 1, false, kafka-replication kafka-min-insync",
        "3, 3, 1, false, kafka-min-insync",
        "3, 3, 2, true, kafka-unclean-election",
        "3, 1, 2, false, kafka-out-of-sync"
    })
    void each_setting_of_a_topic_that_risks_a_record_is_a_finding(
            int replicas, int inSync, int minInSync, boolean unclean, String expected) {
        assertThat(codes(TopicDurability.findings(
                        List.of(SAFE_TOPIC, new TopicDurability("t", replicas, inSync, minInSync, unclean)))))
                .isEqualTo(expected);
    }

    @Test
    void topics_with_the_same_problem_share_a_finding() {
        assertThat(TopicDurability.findings(
                        List.of(new TopicDurability("a", 3, 3, 1, false), new TopicDurability("b", 3, 3, 1, false))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("for a, b,", "Set min.insync.replicas=2"));
    }

    private static DurabilityCheck check(
            DurabilityCheck.PostgresSource postgres, List<TopicDurability> topics, DurabilityPolicy policy) {
        return new DurabilityCheck(postgres, () -> topics, Clock.fixed(NOW, ZoneOffset.UTC), policy);
    }

    @Test
    void what_cannot_be_read_is_a_finding() {
        Deque<RuntimeException> failures = new ArrayDeque<>(List.of(
                new IllegalStateException("no answer"),
                new IllegalStateException(new TopicAuthorizationException(Set.of("petition-events")))));
        DurabilityCheck check = new DurabilityCheck(
                () -> {
                    throw new SQLException("no answer");
                },
                () -> {
                    throw failures.remove();
                },
                Clock.systemUTC(),
                DurabilityPolicy.REPORTED);
        check.check();
        assertThat(codes(check.report().findings())).isEqualTo("postgres-unreachable kafka-unreachable");
        check.check();
        assertThat(codes(check.report().findings())).isEqualTo("postgres-unreachable kafka-denied");
    }

    @Test
    void health_and_metrics_say_what_was_found_and_when() {
        DurabilityCheck check =
                check(() -> postgres(true, true, "on", "", 0), List.of(SAFE_TOPIC), DurabilityPolicy.REPORTED);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        check.register(meters);
        DurabilityHealth health = new DurabilityHealth(check);
        assertThat(health.health().getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(meters.get("countersign.durability.insync.replicas").gauge().value())
                .isNaN();

        check.check();
        Health found = health.health();
        assertThat(found.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(found.getStatus().getDescription()).contains("postgres-no-standby", "Set synchronous_standby_names");
        assertThat(found.getDetails()).containsEntry("checkedAt", NOW.toString());
        assertThat(meters.get("countersign.durability.finding")
                        .tag("code", "postgres-no-standby")
                        .gauge()
                        .value())
                .isOne();
        assertThat(meters.get("countersign.durability.finding")
                        .tag("code", "postgres-fsync")
                        .gauge()
                        .value())
                .isZero();
        assertThat(meters.get("countersign.durability.insync.replicas").gauge().value())
                .isEqualTo(3);
    }

    @Test
    void a_required_check_refuses_the_start_with_every_setting_and_its_fix() {
        DurabilityCheck check = check(
                () -> postgres(false, true, "on", "", 0),
                List.of(new TopicDurability("petition-events", 1, 1, 1, false)),
                DurabilityPolicy.REQUIRED);
        assertThatThrownBy(check::start)
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.fix())
                                .contains(
                                        "postgres-fsync: Set fsync = on",
                                        "postgres-no-standby: Set synchronous_standby_names",
                                        "kafka-min-insync: Set min.insync.replicas=2",
                                        "COUNTERSIGN_DURABILITY=reported"))
                .hasMessageContaining("postgres-fsync")
                .hasMessageContaining("petition-events");
    }

    @Test
    void a_machine_that_is_away_does_not_prevent_a_required_start() {
        DurabilityCheck check = check(
                () -> postgres(true, true, "on", "*", 0),
                List.of(new TopicDurability("petition-events", 3, 1, 2, false)),
                DurabilityPolicy.REQUIRED);
        check.start();
        try {
            assertThat(codes(check.report().findings())).isEqualTo("postgres-standby-away kafka-out-of-sync");
        } finally {
            check.stop();
        }
    }

    @Test
    void safe_settings_are_up() {
        DurabilityCheck check = check(() -> SAFE_POSTGRES, List.of(SAFE_TOPIC), DurabilityPolicy.REQUIRED);
        check.start();
        check.stop();
        assertThat(new DurabilityHealth(check).health().getStatus().getCode()).isEqualTo("UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "require"})
    void an_unknown_policy_is_refused_with_the_allowed_ones(String value) {
        assertThatThrownBy(() -> DurabilityPolicy.parse(value))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.fix()).contains("reported, required"))
                .hasMessageContaining("COUNTERSIGN_DURABILITY");
    }
}
