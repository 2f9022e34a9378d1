package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.events.CloudEvent;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.Examples;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureEvent;
import org.countersign.events.UnreadableEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CountedEventTest {

    static List<Event> events() {
        return Examples.ofEachType();
    }

    @Test
    void rejects_an_unreadable_record_without_quoting_it() {
        Event event = events().get(4);
        Map<String, byte[]> headers = CloudEvent.headers(new RecordedEvent(1, "some:1", Optional.empty(), event));
        for (String data : List.of(
                "secret",
                "{\"round\":1,\"country\":\"secret\",\"was\":\"pending\",\"becomes\":\"verified\"}",
                "{}",
                "[]",
                "null",
                "{\"country\":\"AM\",\"was\":\"secret\",\"becomes\":\"verified\"}",
                "{\"country\":\"AM\",\"was\":null,\"becomes\":\"verified\"}",
                "{\"country\":\"AM\",\"was\":\"pending\",\"becomes\":\"verified\"",
                "{\"country\":\"AM\",\"was\":\"pending\"}")) {
            assertThatThrownBy(() -> CountedEvent.read(headers::get, data.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UnreadableEventException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> CountedEvent.read(headers::get, null)).isInstanceOf(UnreadableEventException.class);
        for (String damaged : headers.keySet().stream()
                .filter(name -> name.matches("ce_(type|time|petition|index)"))
                .toList()) {
            assertThatThrownBy(() -> CountedEvent.read(
                            name -> name.equals(damaged) ? "§".getBytes(StandardCharsets.UTF_8) : headers.get(name),
                            EventJson.data(event)))
                    .as(damaged)
                    .isInstanceOf(UnreadableEventException.class);
        }
    }

    @Test
    void the_change_of_the_count_follows_from_the_transition() {
        Map<EventType, Integer> deltas = Map.of(
                EventType.SIGNATURE_VERIFIED,
                1,
                EventType.SIGNATURE_WITHDRAWN,
                -1,
                EventType.SIGNATURE_INVALIDATED,
                -1,
                EventType.SIGNATURE_REINSTATED,
                1);
        assertThat(events()).filteredOn(SignatureEvent.class::isInstance).allSatisfy(event -> {
            CountedEvent counted = CountedEvent.of(new RecordedEvent(1, "some:1", Optional.empty(), event));
            assertThat(counted.transition().orElseThrow().verifiedDelta())
                    .isEqualTo(deltas.getOrDefault(counted.type(), 0));
        });
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_counter_reads_of_a_record_what_the_whole_event_says(Event event) {
        RecordedEvent written = new RecordedEvent(42, "some:7", Optional.empty(), event);
        assertThat(CountedEvent.read(CloudEvent.headers(written)::get, EventJson.data(event)))
                .isEqualTo(CountedEvent.of(written));
    }
}
