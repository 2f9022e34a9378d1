package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.countersign.faulttest.CaseInvariant.CaseReport;
import org.countersign.faulttest.PublicLogObserver.PublicCaseEntries;
import org.countersign.faulttest.SignerGroup.CallFate;
import org.countersign.localstack.net.Endpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A case about two signers of a group, of whom one was confirmed. A third signer is not of the group. */
class CaseInvariantTest {

    private static final String CASE = "7f1d3a52-0000-4000-8000-000000000001";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ReferenceModel model = new ReferenceModel();
    private final SignerGroup group = new SignerGroup("a-petition", "bots.example", "IS", CallFate.SIGNED);
    private long index;

    @BeforeEach
    void two_bots_and_a_person_have_signed_and_a_case_is_open() {
        model.expect("a-petition", List.of());
        group.add();
        group.add();
        sign("bot-1", "IS");
        sign("bot-2", "IS");
        sign("person", "AM");
        add("SignatureVerified", "\"bot-1\"", "IS", "pending", "verified", "");
        add("InvalidationCaseOpened", "null", "", "", "", CASE);
    }

    private void sign(String signature, String country) {
        add("PetitionSigned", "\"" + signature + "\"", country, "none", "pending", "");
    }

    private void invalidate(String signature, String was) {
        add("SignatureInvalidated", "\"" + signature + "\"", "IS", was, "invalidated", CASE);
    }

    private void reinstate(String signature, String becomes) {
        add("SignatureReinstated", "\"" + signature + "\"", "IS", "invalidated", becomes, CASE);
    }

    private void add(String type, String signature, String country, String was, String becomes, String ofCase) {
        index++;
        model.add("a-petition", JSON.readTree("""
                {"index":%d,"id":"%d","type":"%s","time":"2030-05-01T12:00:00Z","petition":"a-petition","signature":%s,
                "data":{"country":"%s","was":"%s","becomes":"%s"%s}}""".formatted(
                        index,
                        index,
                        type,
                        signature,
                        country,
                        was,
                        becomes,
                        ofCase.isEmpty() ? "" : ",\"case\":\"" + ofCase + "\"")));
    }

    private static CaseReport numbers(String state, long taken, long removed, long reinstated, long restored) {
        return new CaseReport(state, JSON.readTree("""
                {"matched":%d,"invalidated":%d,\
                "removed":%d,"reinstated":%d,"restored":%d}""".formatted(taken, taken, removed, reinstated, restored)));
    }

    private List<String> done(CaseReport numbers, PublicCaseEntries entries, long page) {
        return violations(false, numbers, entries, page);
    }

    private List<String> violations(boolean undone, CaseReport numbers, PublicCaseEntries entries, long page) {
        OrganiserCalls unused = new OrganiserCalls(Endpoint.loopback(1), Optional.empty());
        return new CaseInvariant(CASE, group, undone, unused)
                .violations(model.signaturesOf("a-petition"), numbers, entries, OptionalLong.of(page));
    }

    @Test
    void a_case_that_took_each_signature_once_has_no_violation() {
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        assertThat(done(numbers("done", 2, 1, 0, 0), new PublicCaseEntries(1, 1, 1, 0), 1))
                .isEmpty();
        assertThat(model.violations()).isEmpty();
    }

    @Test
    void a_lost_invalidation_is_a_violation() {
        invalidate("bot-1", "verified");
        assertThat(done(numbers("done", 2, 1, 0, 0), new PublicCaseEntries(1, 1, 1, 0), 1))
                .containsExactly("invalidations of signature bot-2: expected 1, found 0");
    }

    @Test
    void a_duplicate_invalidation_is_a_violation() {
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        invalidate("bot-2", "invalidated");
        assertThat(done(numbers("done", 2, 1, 0, 0), new PublicCaseEntries(1, 1, 1, 0), 1))
                .containsExactly("invalidations of signature bot-2: expected 1, found 2");
    }

    @Test
    void an_invalidation_of_a_signature_that_does_not_match_is_a_violation() {
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        invalidate("person", "pending");
        assertThat(done(numbers("done", 2, 1, 0, 0), new PublicCaseEntries(1, 1, 1, 0), 1))
                .containsExactly("invalidations of signature person: expected 0, found 1");
    }

    @Test
    void numbers_that_differ_from_the_history_are_violations() {
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        assertThat(done(numbers("running", 1, 2, 0, 0), new PublicCaseEntries(2, 2, 0, 0), 2))
                .containsExactly(
                        "the case is running instead of done",
                        "matched of the case: expected 2, found 1",
                        "invalidated of the case: expected 2, found 1",
                        "removed of the case: expected 1, found 2",
                        "entries of the public log that open the case: expected 1, found 2",
                        "counted in the public log: expected 1, found 2",
                        "invalidations in the public log: expected 1, found 0",
                        "removed on the petition's page: expected 1, found 2");
    }

    @Test
    void an_undo_brings_each_signature_back_once_as_it_was() {
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        reinstate("bot-1", "verified");
        CaseReport numbers = numbers("undone", 2, 1, 2, 1);
        PublicCaseEntries entries = new PublicCaseEntries(1, 1, 1, 1);
        assertThat(violations(true, numbers, entries, 1))
                .containsExactly(
                        "reinstatements of signature bot-2: expected 1, found 0",
                        "signature bot-2 was [pending] before the case, and is [] after the undo");
        reinstate("bot-2", "pending");
        assertThat(violations(true, numbers, entries, 1)).isEmpty();
        reinstate("bot-2", "pending");
        assertThat(violations(true, numbers, entries, 1))
                .contains("reinstatements of signature bot-2: expected 1, found 2");
    }

    @Test
    void an_invalidation_outside_of_an_open_case_is_a_violation() {
        add("SignatureInvalidated", "\"bot-1\"", "IS", "verified", "invalidated", "");
        add("InvalidationCaseOpened", "null", "", "", "", CASE);
        assertThat(model.violations())
                .containsExactly(
                        "event 6 is a SignatureInvalidated without an open case of the petition",
                        "event 7 opens a case again");
        assertThat(model.cases()).isEqualTo(1);
    }

    @Test
    void the_opening_and_each_change_of_the_count_are_public() {
        assertThat(model.publicEntries()).isEqualTo(2);
        invalidate("bot-1", "verified");
        invalidate("bot-2", "pending");
        assertThat(model.publicEntries()).isEqualTo(3);
        assertThat(model.counts("a-petition").count("verified")).isZero();
        assertThat(model.counts("a-petition").count("invalidated")).isEqualTo(2);
    }
}
