package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.events.CloudEvent;
import org.countersign.events.EventType;
import org.countersign.events.RecordedEvent;
import org.countersign.events.UnreadableEventException;

/** Whatever lies in a topic is an event or is said to be none. */
class HostileRecordsFuzzTest {

    private static final int LONGEST_HEADER = 60;

    @FuzzTest
    void a_record_is_an_event_or_unreadable(FuzzedDataProvider input) {
        Map<String, byte[]> headers = new HashMap<>();
        headers.put("ce_specversion", "1.0".getBytes(StandardCharsets.US_ASCII));
        EventType type = input.pickValue(EventType.values());
        headers.put(
                "ce_type",
                input.consumeInt(0, 19) > 0
                        ? ("org.countersign." + type.text()).getBytes(StandardCharsets.US_ASCII)
                        : input.consumeBytes(LONGEST_HEADER));
        headers.put("ce_index", either(input, "17"));
        headers.put("ce_id", either(input, "17"));
        headers.put("ce_time", either(input, "2030-05-01T12:00:00Z"));
        headers.put("ce_petition", either(input, "more-benches"));
        headers.put("ce_subject", either(input, "4f8bd9e0-0c7b-4f4e-8d5c-2a5f1c9d3b7a"));
        byte[] data = input.consumeRemainingAsBytes();
        Optional<RecordedEvent> whole = read(headers, data);
        Optional<CountedEvent> counted = counted(headers, data);
        // What the notifier takes the counter takes, and both see the same in it.
        whole.ifPresent(event -> assertThat(counted).contains(CountedEvent.of(event)));
    }

    private static byte[] either(FuzzedDataProvider input, String usual) {
        return input.consumeInt(0, 9) > 0
                ? usual.getBytes(StandardCharsets.US_ASCII)
                : input.consumeBytes(LONGEST_HEADER);
    }

    private static Optional<RecordedEvent> read(Map<String, byte[]> headers, byte[] data) {
        try {
            return Optional.of(CloudEvent.read(headers::get, data));
        } catch (UnreadableEventException e) {
            return Optional.empty();
        }
    }

    private static Optional<CountedEvent> counted(Map<String, byte[]> headers, byte[] data) {
        try {
            return Optional.of(CountedEvent.read(headers::get, data));
        } catch (UnreadableEventException e) {
            return Optional.empty();
        }
    }

    @FuzzTest
    void the_quick_reader_sees_what_the_thorough_one_sees(byte[] data) {
        StatusTransition quick = TransitionParser.read(data);
        if (quick != null) {
            assertThat(TransitionJson.readAnyForm(EventType.PETITION_SIGNED, data))
                    .isEqualTo(quick);
        }
    }
}
