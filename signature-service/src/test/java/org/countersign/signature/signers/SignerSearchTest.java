package org.countersign.signature.signers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.RunningService;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.SigningRanges;
import org.countersign.signature.eventlog.StoredEvent;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Searches of many signatures, on the log itself. */
class SignerSearchTest extends RunningService {

    private static final int BATCH_SIZE = 500;

    @Autowired
    private SignerSearch search;

    @Autowired
    private SigningRanges ranges;

    @Autowired
    private EventLog log;

    private static SignerQueryForm by(String state, int limit, String after) {
        return new SignerQueryForm(null, null, null, null, state, limit, after);
    }

    @Test
    void a_search_crosses_the_batches_of_the_log_and_finds_the_last_one() {
        String petition = publishedPetition();
        List<String> signed = new ArrayList<>();
        for (int i = 0; i < BATCH_SIZE + 20; i++) {
            sign(petition, "many" + i + "@many.example");
        }
        for (StoredEvent event : ranges.signings(new PetitionSlug(petition), 0, log.head(), 10_000)) {
            signed.add(event.stream().toString());
        }
        assertThat(signed).hasSize(BATCH_SIZE + 20);
        String last = signed.get(signed.size() - 1);
        withToken("withdraw", mailData(last, 1).withdrawToken());
        SignerSearch.SearchPage page = search.search(petition, by("withdrawn", 10, null));
        assertThat(page.signatures()).extracting(SignatureSummary::id).containsExactly(SignatureId.parse(last));
        assertThat(page.next()).isEmpty();

        List<String> read = new ArrayList<>();
        String position = null;
        do {
            page = search.search(petition, by("pending", 300, position));
            page.signatures().forEach(one -> read.add(one.id().toString()));
            position = page.next().isPresent() ? Long.toString(page.next().getAsLong()) : null;
        } while (position != null);
        assertThat(read).containsExactlyElementsOf(signed.subList(0, signed.size() - 1));
    }

    @Test
    void a_bisection_finds_the_place_of_a_time_in_the_log() {
        String petition = publishedPetition();
        signAndConfirm(petition, Map.of("name", "Tim", "email", "tim@time.example", "country", "AM"));
        long head = log.head();
        assertThat(ranges.lastBefore(Instant.EPOCH)).isZero();
        assertThat(ranges.lastBefore(Instant.now().plus(Duration.ofDays(1)))).isGreaterThanOrEqualTo(head);
        Instant published =
                log.ofPetitionAfter(new PetitionSlug(petition), 0, 1).get(0).at();
        long before = ranges.lastBefore(published);
        assertThat(log.after(before, 1).get(0).at()).isAfterOrEqualTo(published);
        if (before > 0) {
            assertThat(log.after(before - 1, 1).get(0).at()).isBefore(published);
        }
    }
}
