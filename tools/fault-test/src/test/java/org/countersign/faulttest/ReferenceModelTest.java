package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The counts and violations that the model derives from a history. */
class ReferenceModelTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ReferenceModel model = new ReferenceModel();

    ReferenceModelTest() {
        model.expect("a-petition", List.of(1L, 2L));
    }

    private void addEvent(long index, String type, String signature, String was, String becomes) {
        model.add("a-petition", line(index, type, signature, was, becomes));
    }

    private static JsonNode line(long index, String type, String signature, String was, String becomes) {
        return JSON.readTree("""
                {"index":%d,"id":"%s:%d","type":"%s","time":"2030-05-01T12:00:%02dZ","petition":"a-petition","signature":"%s",
                "data":{"country":"AM","was":"%s","becomes":"%s"}}""".formatted(index, signature, index, type, index, signature, was, becomes));
    }

    @Test
    void counts_by_status_country_and_minute_and_finds_milestone_events() {
        addEvent(1, "PetitionSigned", "one", "none", "pending");
        addEvent(2, "SignatureVerified", "one", "pending", "verified");
        addEvent(3, "SignatureWithdrawn", "one", "verified", "withdrawn");
        addEvent(4, "PetitionSigned", "one", "withdrawn", "pending");
        addEvent(5, "SignatureVerified", "one", "pending", "verified");
        addEvent(6, "PetitionSigned", "two", "none", "pending");
        addEvent(7, "SigningRepeated", "two", "pending", "pending");

        ReferenceModel.ExpectedCounts counts = model.counts("a-petition");
        assertThat(counts.count("verified")).isEqualTo(1);
        assertThat(counts.count("pending")).isEqualTo(1);
        assertThat(counts.count("withdrawn")).isZero();
        assertThat(counts.countries()).isEqualTo(Map.of("AM", 1L));
        assertThat(counts.minutes()).isEqualTo(Map.of(Instant.parse("2030-05-01T12:00:00Z"), 1L));
        assertThat(counts.milestones()).isEqualTo(Map.of(1L, 2L));
        assertThat(model.positionOfMilestone(2)).isEqualTo(2);
        assertThat(model.newestPosition("a-petition")).isEqualTo(4);
        assertThat(counts.mails()).isEqualTo(3 + 1 + 2);
        assertThat(model.state("one").orElseThrow().rounds()).isEqualTo(2);
        assertThat(model.state("one").orElseThrow().status()).isEqualTo("verified");
        assertThat(model.missing()).isZero();
        assertThat(model.violations()).isEmpty();
    }

    @Test
    void a_confirmation_ends_the_unsent_mails_of_all_other_rounds() {
        addEvent(1, "PetitionSigned", "one", "none", "pending");
        addEvent(2, "PetitionSigned", "one", "pending", "pending");
        addEvent(3, "SignatureVerified", "one", "pending", "verified");
        assertThat(model.state("one").orElseThrow().superseded())
                .as("the request to confirm the other round")
                .isEqualTo(1);
        addEvent(4, "SignatureWithdrawn", "one", "verified", "withdrawn");
        addEvent(5, "PetitionSigned", "one", "withdrawn", "pending");
        addEvent(6, "SignatureWithdrawn", "one", "pending", "withdrawn");
        addEvent(7, "PetitionSigned", "one", "withdrawn", "pending");
        addEvent(8, "SignatureVerified", "one", "pending", "verified");
        assertThat(model.state("one").orElseThrow().superseded())
                .as("also the thanks for the first confirmation, and the round that was withdrawn")
                .isEqualTo(3);
        assertThat(model.counts("a-petition").superseded()).isEqualTo(3);
        assertThat(model.violations()).isEmpty();
    }

    @Test
    void finds_gaps_duplicates_disorder_and_inconsistent_events() {
        addEvent(1, "PetitionSigned", "one", "none", "pending");
        addEvent(3, "SignatureVerified", "one", "pending", "verified");
        assertThat(model.missing()).isEqualTo(1);
        assertThat(model.violations()).isEmpty();
        addEvent(3, "SignatureVerified", "one", "pending", "verified");
        addEvent(2, "SignatureExpired", "two", "none", "expired");
        assertThat(model.violations())
                .containsExactly(
                        "the history of a-petition is out of order at event 3",
                        "event 3 occurs twice",
                        "event 3 has the earlier status pending of signature one, but it was verified",
                        "the history of a-petition is out of order at event 2",
                        "event 2 is a SignatureExpired, which no signer requested");
    }
}
