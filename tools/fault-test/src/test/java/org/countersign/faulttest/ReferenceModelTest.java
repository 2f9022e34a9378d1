package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the ledger counts and finds wrong in a history. */
class ReferenceModelTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ReferenceModel ledger = new ReferenceModel();

    ReferenceModelTest() {
        ledger.expect("a-petition", List.of(1L, 2L));
    }

    private void happens(long index, String type, String signature, String was, String becomes) {
        ledger.add("a-petition", line(index, type, signature, was, becomes));
    }

    private static JsonNode line(long index, String type, String signature, String was, String becomes) {
        return JSON.readTree("""
                {"index":%d,"id":"%s:%d","type":"%s","time":"2030-05-01T12:00:%02dZ","petition":"a-petition","signature":"%s",
                "data":{"country":"AM","was":"%s","becomes":"%s"}}""".formatted(index, signature, index, type, index, signature, was, becomes));
    }

    @Test
    void it_counts_by_status_country_and_minute_and_knows_the_event_that_first_came_to_a_milestone() {
        happens(1, "PetitionSigned", "one", "none", "pending");
        happens(2, "SignatureVerified", "one", "pending", "verified");
        happens(3, "SignatureWithdrawn", "one", "verified", "withdrawn");
        happens(4, "PetitionSigned", "one", "withdrawn", "pending");
        happens(5, "SignatureVerified", "one", "pending", "verified");
        happens(6, "PetitionSigned", "two", "none", "pending");
        happens(7, "SigningRepeated", "two", "pending", "pending");

        ReferenceModel.Tally tally = ledger.tallies().get("a-petition");
        assertThat(tally.count("verified")).isEqualTo(1);
        assertThat(tally.count("pending")).isEqualTo(1);
        assertThat(tally.count("withdrawn")).isZero();
        assertThat(tally.countries()).isEqualTo(Map.of("AM", 1L));
        assertThat(tally.minutes()).isEqualTo(Map.of(Instant.parse("2030-05-01T12:00:00Z"), 1L));
        assertThat(tally.milestones()).isEqualTo(Map.of(1L, 2L));
        assertThat(tally.mails()).isEqualTo(3 + 1 + 2);
        assertThat(ledger.life("one").rounds()).isEqualTo(2);
        assertThat(ledger.life("one").status()).isEqualTo("verified");
        assertThat(ledger.missing()).isZero();
        assertThat(ledger.broken()).isEmpty();
    }

    @Test
    void it_finds_gaps_repeats_disorder_and_events_that_do_not_follow_from_each_other() {
        happens(1, "PetitionSigned", "one", "none", "pending");
        happens(3, "SignatureVerified", "one", "pending", "verified");
        assertThat(ledger.missing()).isEqualTo(1);
        assertThat(ledger.broken()).isEmpty();
        happens(3, "SignatureVerified", "one", "pending", "verified");
        happens(2, "SignatureExpired", "two", "none", "expired");
        assertThat(ledger.broken())
                .containsExactly(
                        "the history of a-petition is out of order at event 3",
                        "event 3 is there twice",
                        "event 3 says that signature one was pending, and it was verified",
                        "the history of a-petition is out of order at event 2",
                        "event 2 is a SignatureExpired, which nobody has asked for");
    }
}
