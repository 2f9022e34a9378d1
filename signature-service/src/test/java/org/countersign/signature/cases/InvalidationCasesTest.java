package org.countersign.signature.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.RunningService;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.application.Signing;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** An organiser removes the signatures of bots. */
@TestPropertySource(properties = "countersign.cases.per-second=100")
class InvalidationCasesTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Autowired
    private Signing signing;

    @Autowired
    private Erasure erasure;

    @Autowired
    private PseudonymousIds ids;

    @Autowired
    private EventLog log;

    @Autowired
    private Cases cases;

    private PetitionSlug petition;

    @BeforeEach
    void publish() {
        petition = new PetitionSlug(publishedPetition());
    }

    private SignatureId pending(String email, String country) {
        signing.sign(
                petition.value(),
                new SignatureForm("Sona Signer", email, country, null, false, false, "en"),
                "127.0.0.1");
        return ids.of(petition, EmailAddress.parse(email));
    }

    private String confirmToken(SignatureId signature) {
        return signing.mailTokens(signature, 1, Instant.now()).verify();
    }

    private SignatureId confirmed(String email) {
        SignatureId signature = pending(email, "AM");
        signing.verify(confirmToken(signature));
        return signature;
    }

    private List<SignatureId> confirmed(int number, String domain) {
        List<SignatureId> signatures = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            signatures.add(confirmed("signer" + i + "@" + domain));
        }
        return signatures;
    }

    private static CriteriaForm ofDomains(String... domains) {
        return new CriteriaForm(List.of(domains), null, null, null, null, null, null, null, null, null, null, null);
    }

    private static CaseForm form(CriteriaForm criteria) {
        return new CaseForm(criteria, "one catch-all domain", "Made by a program");
    }

    private CasePreview preview(CriteriaForm criteria) {
        return cases.preview(petition.value(), form(criteria));
    }

    private InvalidationCase open(CriteriaForm criteria) {
        return cases.open(petition.value(), form(criteria), "organiser");
    }

    private InvalidationCase reaching(UUID id, CaseState state) {
        await().atMost(TIMEOUT)
                .until(() -> cases.get(id).state() == state
                        && cases.get(id).endedAt().isPresent());
        return cases.get(id);
    }

    private InvalidationCase done(CriteriaForm criteria) {
        return reaching(open(criteria).id(), CaseState.DONE);
    }

    private InvalidationCase undone(UUID id) {
        cases.undo(id);
        return reaching(id, CaseState.UNDONE);
    }

    private List<SignatureEvent> history(SignatureId signature) {
        return log.stream(signature.value(), 0).stream()
                .map(stored -> (SignatureEvent) stored.recorded().event())
                .toList();
    }

    private SignatureStatus status(SignatureId signature) {
        List<SignatureEvent> history = history(signature);
        return history.get(history.size() - 1).becomes();
    }

    private List<SignatureStatus> statuses(List<SignatureId> signatures) {
        return signatures.stream().map(this::status).distinct().toList();
    }

    private List<String> caseEvents() {
        return log.stream(StreamIds.stream(petition), 0).stream()
                .filter(stored -> stored.type() == EventType.INVALIDATION_CASE_OPENED)
                .map(StoredEvent::json)
                .toList();
    }

    @Test
    void the_signatures_of_a_domain_are_removed_and_the_others_stay() {
        List<SignatureId> bots = confirmed(12, "bots.example");
        List<SignatureId> honest = confirmed(3, "people.example");
        assertThat(preview(ofDomains("bots.example")))
                .extracting(CasePreview::matches, CasePreview::verified, CasePreview::pending)
                .containsExactly(12L, 12L, 0L);

        InvalidationCase ended = done(ofDomains("bots.example"));

        assertThat(statuses(bots)).containsExactly(SignatureStatus.INVALIDATED);
        assertThat(statuses(honest)).containsExactly(SignatureStatus.VERIFIED);
        assertThat(ended.numbers()).isEqualTo(new InvalidationCase.CaseNumbers(12, 12, 12, 12, 12, 0, 0));
        assertThat(caseEvents())
                .containsExactly("{\"case\":\"" + ended.id() + "\",\"signatures\":12,\"counted\":12,"
                        + "\"reason\":\"Made by a program\",\"actor\":\"organiser\"}");
        assertThat(history(bots.get(0)))
                .last()
                .satisfies(event -> assertThat(((SignatureInvalidated) event).invalidationCase())
                        .contains(ended.id()));
        assertThat(preview(ofDomains("bots.example")).matches())
                .as("what is invalid is not taken again")
                .isZero();
    }

    @Test
    void a_pending_signature_of_a_case_cannot_be_confirmed_until_the_case_is_undone() {
        SignatureId stored = pending("later@bots.example", "AM");
        String token = confirmToken(stored);
        InvalidationCase ended = done(ofDomains("*.example"));
        assertThat(ended.numbers()).isEqualTo(new InvalidationCase.CaseNumbers(1, 0, 1, 1, 0, 0, 0));
        assertThatThrownBy(() -> signing.verify(token))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.WAS_INVALIDATED));
        undone(ended.id());
        assertThat(status(stored)).isEqualTo(SignatureStatus.PENDING);
        assertThat(signing.verify(token).status()).isEqualTo(SignatureStatus.VERIFIED);
    }

    @Test
    void an_undo_restores_exactly_what_the_case_has_invalidated() {
        List<SignatureId> bots = confirmed(6, "bots.example");
        signing.invalidate(bots.get(0), "before the case");
        InvalidationCase ended = done(ofDomains("bots.example"));
        assertThat(ended.numbers().matched()).isEqualTo(5);
        signing.reinstate(bots.get(1), "a person");
        signing.reinstate(bots.get(2), "a person");
        signing.invalidate(bots.get(2), "not a person after all");
        signing.withdraw(signing.mailTokens(bots.get(3), 1, Instant.now()).withdraw());

        InvalidationCase undone = undone(ended.id());

        assertThat(bots.stream().map(this::status))
                .containsExactly(
                        SignatureStatus.INVALIDATED,
                        SignatureStatus.VERIFIED,
                        SignatureStatus.INVALIDATED,
                        SignatureStatus.WITHDRAWN,
                        SignatureStatus.VERIFIED,
                        SignatureStatus.VERIFIED);
        assertThat(undone.numbers()).isEqualTo(new InvalidationCase.CaseNumbers(5, 5, 5, 5, 5, 3, 2));
        assertThat(cases.undo(ended.id()).state()).as("again").isEqualTo(CaseState.UNDONE);
    }

    @Test
    void a_case_that_is_repeated_after_a_crash_appends_nothing_twice() {
        List<SignatureId> bots = confirmed(5, "bots.example");
        InvalidationCase ended = done(ofDomains("bots.example"));
        long head = log.head();
        // The events were committed, and the tables were not.
        database.sql("update invalidation_case_item set outcome = 0 where case_id = ?")
                .param(ended.id())
                .update();
        database.sql("""
                        update invalidation_case set state = 'open', ended_at = null, settled = false, opened_at = null,
                            done = 0, invalidated = 0, removed = 0 where id = ?""").param(ended.id()).update();
        InvalidationCase again = reaching(ended.id(), CaseState.DONE);
        assertThat(again.numbers()).isEqualTo(ended.numbers());
        assertThat(log.head()).isEqualTo(head);

        database.sql("update invalidation_case_item set outcome = 0 where case_id = ?")
                .param(ended.id())
                .update();
        database.sql("update invalidation_case set done = 0, invalidated = 0, removed = 0 where id = ?")
                .param(ended.id())
                .update();
        InvalidationCase undone = undone(ended.id());
        assertThat(statuses(bots)).containsExactly(SignatureStatus.VERIFIED);
        assertThat(undone.numbers()).isEqualTo(new InvalidationCase.CaseNumbers(5, 5, 5, 5, 5, 5, 5));
    }

    @Test
    void a_cancelled_case_stops_after_its_batch_and_can_be_undone() {
        List<SignatureId> bots = confirmed(230, "bots.example");
        UUID id = open(ofDomains("bots.example")).id();
        assertThatThrownBy(() -> cases.undo(id)).isInstanceOf(Rejection.class);
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cases.get(id).numbers().done() > 0);
        cases.cancel(id);
        InvalidationCase cancelled = reaching(id, CaseState.CANCELLED);
        long removed = cancelled.numbers().removed();
        assertThat(removed).isBetween(100L, 200L);
        assertThat(bots.stream().map(this::status).filter(SignatureStatus.INVALIDATED::equals))
                .hasSize((int) removed);
        assertThat(cases.cancel(id).state()).as("again").isEqualTo(CaseState.CANCELLED);
        undone(id);
        assertThat(statuses(bots)).containsExactly(SignatureStatus.VERIFIED);
        assertThatThrownBy(() -> cases.cancel(id)).isInstanceOf(Rejection.class);
    }

    @Test
    void all_criteria_must_hold() {
        SignatureId sona = confirmed("sona@bots.example");
        SignatureId anna = pending("anna@sub.bots.example", "DE");
        confirmed("mane@people.example");
        Instant now = Instant.now();
        assertThat(preview(ofDomains("bots.example", "*.bots.example")).matches())
                .isEqualTo(2);
        assertThat(preview(ofDomains("*.bots.example")).sample())
                .singleElement()
                .satisfies(sampled -> {
                    assertThat(sampled.signatureId()).isEqualTo(anna.value());
                    assertThat(sampled.address()).isEqualTo("a…@sub.bots.example");
                    assertThat(sampled.state()).isEqualTo("pending");
                });
        assertThat(preview(new CriteriaForm(
                                null, List.of("DE"), null, null, null, null, null, null, null, null, null, null))
                        .matches())
                .isEqualTo(1);
        assertThat(preview(new CriteriaForm(
                                null, null, null, null, List.of("verified"), null, null, null, null, null, null, null))
                        .matches())
                .isEqualTo(2);
        assertThat(preview(new CriteriaForm(
                                null,
                                null,
                                now.minusSeconds(60).toString(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null))
                        .matches())
                .isEqualTo(3);
        assertThat(preview(new CriteriaForm(
                                null,
                                null,
                                null,
                                now.minusSeconds(60).toString(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null))
                        .matches())
                .isZero();
        CriteriaForm byAddress = new CriteriaForm(
                null, null, null, null, null, null, List.of("Sona+x@bots.example"), null, null, null, null, null);
        assertThat(preview(byAddress).sample())
                .singleElement()
                .satisfies(sampled -> assertThat(sampled.signatureId()).isEqualTo(sona.value()));
        assertThat(preview(new CriteriaForm(
                                List.of("bots.example"),
                                null,
                                null,
                                null,
                                null,
                                List.of(sona.toString(), anna.toString()),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null))
                        .matches())
                .isEqualTo(1);
        UUID id = open(byAddress).id();
        assertThat(database.sql("select criteria from invalidation_case where id = ?")
                        .param(id)
                        .query(String.class)
                        .single())
                .contains(sona.toString())
                .doesNotContainIgnoringCase("sona+x");
    }

    @Test
    void an_erased_signer_matches_no_domain_and_a_later_one_is_not_in_the_case() {
        SignatureId erased = confirmed("erased@bots.example");
        erasure.erase(erased);
        assertThat(preview(ofDomains("bots.example")).matches()).isZero();
        assertThat(preview(new CriteriaForm(
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of(erased.toString()),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null))
                        .matches())
                .isEqualTo(1);
        InvalidationCase empty = done(ofDomains("bots.example"));
        assertThat(empty.openedAt()).isEmpty();
        assertThat(caseEvents()).as("a case without signatures is not public").isEmpty();
        SignatureId later = confirmed("later@bots.example");
        assertThat(status(later)).isEqualTo(SignatureStatus.VERIFIED);
    }
}
