package org.countersign.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsOnTheWireTest {

    private static final Path SCHEMAS = Path.of("../../docs/events");

    static List<Event> events() {
        return Stream.concat(Examples.ofEachType().stream(), Examples.withOptionalFields().stream())
                .toList();
    }

    @Test
    void there_is_an_example_of_each_type() {
        assertThat(events()).extracting(EventType::of).contains(EventType.values());
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_read_as_it_was_written(Event event) {
        RecordedEvent written = new RecordedEvent(42, "some:7", Optional.of("0123456789abcdef0123456789abcdef"), event);
        Map<String, byte[]> headers = CloudEvent.headers(written);
        assertThat(CloudEvent.read(headers::get, EventJson.data(event))).isEqualTo(written);
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_what_its_schema_says(Event event) throws Exception {
        String schema = Files.readString(SCHEMAS.resolve(EventType.of(event).text() + ".json"));
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(new String(EventJson.data(event), StandardCharsets.UTF_8), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_field_that_a_later_version_adds_does_not_break_a_reader(Event event) {
        String data = new String(EventJson.data(event), StandardCharsets.UTF_8);
        String comma = data.equals("{}") ? "" : ",";
        String later = data.replaceFirst("\\{", "{\"addedLater\":{\"deep\":[1,2,3]}" + comma);
        Map<String, byte[]> headers = CloudEvent.headers(new RecordedEvent(1, "some:1", Optional.empty(), event));
        headers.put("ce_addedlater", "x".getBytes(StandardCharsets.UTF_8));
        assertThat(CloudEvent.read(headers::get, later.getBytes(StandardCharsets.UTF_8))
                        .event())
                .isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-25T03:04:05Z",
                "2026-02-28T23:59:59.100Z",
                "1999-12-31T00:00:00.000001Z",
                "2024-02-29T12:00:00.123456789Z",
                "1969-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00Z",
                "+12026-01-01T00:00:00Z",
                "-0001-01-01T00:00:00.5Z"
            })
    void a_time_stands_there_as_iso_8601_has_it(String time) {
        Event closed = new PetitionClosed(new PetitionSlug("more-trees"), Instant.parse(time));
        Map<String, byte[]> headers = CloudEvent.headers(new RecordedEvent(1, "some:1", Optional.empty(), closed));
        assertThat(new String(headers.get("ce_time"), StandardCharsets.UTF_8))
                .isEqualTo(closed.at().toString());
        assertThat(CloudEvent.read(headers::get, EventJson.data(closed)).event())
                .isEqualTo(closed);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void each_type_has_a_schema_of_its_name(EventType type) {
        assertThat(SCHEMAS.resolve(type.text() + ".json")).exists();
    }

    @Test
    void a_record_that_is_no_event_is_refused_without_being_quoted() {
        Event event = events().get(4);
        Map<String, byte[]> headers = CloudEvent.headers(new RecordedEvent(1, "some:1", Optional.empty(), event));
        for (String data : List.of(
                "secret",
                "{\"round\":\"secret\"}",
                "{}",
                "[]",
                "null",
                "{\"round\":1,\"country\":\"secret\",\"updates\":true}")) {
            assertThatThrownBy(() -> CloudEvent.read(headers::get, data.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UnreadableEventException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> CloudEvent.read(headers::get, null)).isInstanceOf(UnreadableEventException.class);
        assertThatThrownBy(() -> CloudEvent.read(name -> null, new byte[0]))
                .isInstanceOf(UnreadableEventException.class);
        for (String damaged : headers.keySet().stream()
                .filter(name -> name.matches("ce_(type|time|subject|petition|index)"))
                .toList()) {
            assertThatThrownBy(() -> CloudEvent.read(
                            name -> name.equals(damaged) ? "§".getBytes(StandardCharsets.UTF_8) : headers.get(name),
                            EventJson.data(event)))
                    .as(damaged)
                    .isInstanceOf(UnreadableEventException.class);
        }
    }
}
