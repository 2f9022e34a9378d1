package org.countersign.signature.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

    private final RecentEvents recent = new RecentEvents(10);

    private void append(long from, long to) {
        recent.add(LongStream.rangeClosed(from, to)
                .mapToObj(index -> new StoredEvent(
                        index,
                        new UUID(0, index),
                        0,
                        new PetitionSlug("bench"),
                        EventType.PETITION_SIGNED,
                        Instant.EPOCH,
                        Optional.empty(),
                        new byte[0]))
                .toList());
    }

    private List<Long> after(long index, int limit) {
        return recent.after(index, limit).stream().map(StoredEvent::index).toList();
    }

    @Test
    void returns_events_after_an_index_up_to_a_limit() {
        append(1, 4);
        assertThat(after(0, 100)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(after(1, 2)).containsExactly(2L, 3L);
        assertThat(after(4, 100)).isEmpty();
        assertThat(after(9, 100)).isEmpty();
    }

    @Test
    void returns_nothing_if_the_next_event_was_dropped() {
        append(1, 25);
        assertThat(after(14, 100)).isEmpty();
        assertThat(after(15, 100))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(16, 25).boxed().toList());
    }

    @Test
    void drops_events_before_those_of_another_instance() {
        append(1, 3);
        append(6, 7);
        assertThat(after(2, 100)).isEmpty();
        assertThat(after(3, 100)).isEmpty();
        assertThat(after(5, 100)).containsExactly(6L, 7L);
    }

    @Test
    void starts_at_any_index() {
        append(1_000_000, 1_000_002);
        assertThat(after(0, 100)).isEmpty();
        assertThat(after(999_999, 100)).containsExactly(1_000_000L, 1_000_001L, 1_000_002L);
    }
}
