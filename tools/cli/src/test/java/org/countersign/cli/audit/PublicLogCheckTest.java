package org.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.countersign.cli.audit.LastEntries.LastEntry;
import org.countersign.cli.audit.LastEntries.PublicStatus;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.transparency.SignedNote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stranger's {@code audit log} finds when the operator is dishonest and signs every head. */
class PublicLogCheckTest {

    private DishonestService service;

    @BeforeEach
    void start() throws IOException {
        service = new DishonestService();
        service.published()
                .verified(1)
                .verified(2)
                .milestone(2)
                .signature("SignatureInvalidated", 2, "verified", "invalidated")
                .signature("SignatureReinstated", 2, "invalidated", "verified")
                .signature("SignatureWithdrawn", 1, "verified", "withdrawn")
                .signature("SignatureVerified", 1, "withdrawn", "verified");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private List<String> problems(Optional<SignedNote> known) {
        PublicLogCheck check =
                new PublicLogCheck(service.client(), service.key, new ProgressBar(new PrintWriter(new StringWriter())));
        check.run(known);
        return check.problems();
    }

    @Test
    void an_honest_log_has_no_problem() {
        assertThat(problems(Optional.empty())).isEmpty();
        SignedNote known = service.head();
        service.verified(3);
        assertThat(problems(Optional.of(known))).isEmpty();
    }

    @Test
    void a_counter_without_a_next_milestone_agrees_with_a_log_without_one() {
        service.entries.get(0).withArray("milestones").add(2);
        service.counts.putNull("nextMilestone");
        assertThat(problems(Optional.empty())).isEmpty();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie(
                        "a person is counted twice",
                        service -> service.verified(1),
                        "Entry 9 says that the signature .*1 was none, but it was verified."),
                lie(
                        "a signature begins as verified",
                        service -> service.signature("SignatureInvalidated", 9, "verified", "invalidated"),
                        "Entry 9 says that the signature .*9 was verified, but it was none."),
                lie(
                        "a withdrawn signature is withdrawn again",
                        service -> {
                            service.signature("SignatureWithdrawn", 1, "verified", "withdrawn");
                            service.signature("SignatureWithdrawn", 1, "withdrawn", "withdrawn");
                        },
                        "Entry 10 does not change whether the signature .*1 counts."),
                lie(
                        "an event counts for a status that is not its own",
                        service -> service.signature("SignatureInvalidated", 9, "none", "verified"),
                        "Entry 9 says that the signature becomes verified."),
                lie(
                        "a verification commits to no signing",
                        service -> service.verified(9).last().remove("signed"),
                        "Entry 9 has no hash in the field 'signed'."),
                lie(
                        "a signature is for another text",
                        service -> service.verified(9).last().put("text", "cd".repeat(32)),
                        "Entry 9 is for another text than that of bench."),
                lie(
                        "one letter of the logged text was changed",
                        service -> {
                            service.entries.get(0).put("statement", "Put it here.");
                            service.shown.put("statement", "Put it here.");
                        },
                        "Entry 1 names another fingerprint than that of the text of bench."),
                lie(
                        "one letter of the shown text was changed",
                        service -> service.shown.put("statement", "Put it here."),
                        "bench: the service shows another statement than the log. .* fingerprint [0-9a-f]{64}."),
                lie(
                        "the shown recipients and title were changed",
                        service -> {
                            service.shown.set(
                                    "recipients", DishonestService.array().add("The Council"));
                            service.shown.put("title", "A Bench");
                        },
                        "bench: the service shows another title, recipients than the log. .*"),
                lie(
                        "the petition is not shown any more",
                        service -> service.shown.removeAll(),
                        "The service does not show bench, which is in the log."),
                lie(
                        "the counter adds a thousand",
                        service -> service.counts.put("verified", 1002),
                        "bench: as of entry 8, the counter reports verified 1,002, the log has 2."),
                lie(
                        "the counter lowers the goal",
                        service -> service.counts.put("goal", 1),
                        "bench: as of entry 8, the counter reports goal 1, the log has 2."),
                lie(
                        "the counter names a milestone that was not reached",
                        service -> service.counts.put("lastMilestone", 10),
                        "bench: as of entry 8, the counter reports lastMilestone 10, the log has 2."),
                lie(
                        "a milestone was not reached",
                        service -> service.milestone(10),
                        "Entry 9 is the milestone 10 of bench, which was not reached."),
                lie(
                        "a milestone is missing",
                        service -> {
                            for (int signer = 3; signer <= 10; signer++) {
                                service.verified(signer);
                            }
                            service.verified(11);
                        },
                        "Entry 17 should be the milestone 10 of bench."),
                lie(
                        "the last milestone is missing",
                        service -> {
                            for (int signer = 3; signer <= 10; signer++) {
                                service.verified(signer);
                            }
                        },
                        "bench: the entry of the milestone 10 is missing at the end of the log."),
                lie(
                        "an entry is backdated",
                        service -> service.verified(9).last().put("time", "2030-04-30T12:00:00Z"),
                        "Entry 9 is dated 2030-04-30T12:00:00Z, but follows an entry dated .*"),
                lie(
                        "an entry has the index of another",
                        service -> service.verified(9).last().put("index", 4),
                        "Entry 9 has the index 4."),
                lie(
                        "an entry is of a petition that was never published",
                        service -> service.verified(9).last().put("petition", "nowhere"),
                        "Entry 9 is of the petition nowhere, which was never published."),
                lie(
                        "a petition is published again with another text",
                        service -> {
                            service.published();
                            service.counts
                                    .put("verified", 2)
                                    .put("lastMilestone", 2)
                                    .put("nextMilestone", 10);
                        },
                        "Entry 9 publishes the petition bench again."),
                lie(
                        "an invalidation names a case that was not opened",
                        service -> {
                            service.signature("SignatureInvalidated", 1, "verified", "invalidated");
                            service.last().put("case", "7c1d2f3a-4b5c-4d6e-8f70-123456789abc");
                        },
                        "Entry 9 names the case 7c1d.*, which was not opened for bench."),
                lie(
                        "an entry has a type of its own",
                        service -> service.verified(9).last().put("type", "SignatureDreamt"),
                        "Entry 9 has the unknown type SignatureDreamt."));
    }

    private static Arguments lie(String what, Consumer<DishonestService> lie, String found) {
        return Arguments.of(what, lie, found);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void a_lie_is_found_and_named(String what, Consumer<DishonestService> lie, String found) {
        lie.accept(service);
        assertThat(problems(Optional.empty()))
                .as(what)
                .anySatisfy(problem -> assertThat(problem).matches(found));
    }

    @Test
    void history_that_was_rewritten_under_a_known_head_is_found() {
        SignedNote known = service.head();
        service.entries.get(1).put("time", "2030-05-01T12:02:00Z");
        assertThat(problems(Optional.of(known)))
                .containsExactly("The first 8 entries have changed since the last check.");
        service.entries.remove(7);
        assertThat(problems(Optional.of(known)))
                .containsExactly("The log was rolled back. It had 8 entries at the last check and has 7 now.");
    }

    @Test
    void a_million_signatures_are_followed_each() {
        LastEntries statuses = new LastEntries();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000_000; i++) {
                LastEntry before = statuses.put(
                        new UUID(i % 7, i), i % 100, round == 0 ? PublicStatus.VERIFIED : PublicStatus.WITHDRAWN);
                assertThat(before.status()).isEqualTo(round == 0 ? PublicStatus.NONE : PublicStatus.VERIFIED);
                assertThat(before.petition()).isEqualTo(i % 100);
            }
        }
        assertThat(statuses.size()).isEqualTo(1_000_000);
    }
}
