package org.countersign.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Compares docs/asyncapi.yaml with what the services write to Kafka and read from it. */
class AsyncApiTest {

    private static final Path DOCS = Path.of("../../docs");
    private static final JsonNode DOCUMENT =
            new YAMLMapper().readTree(DOCS.resolve("asyncapi.yaml").toFile());
    private static final String TRACE = "0123456789abcdef0123456789abcdef";

    /** The keys of the services are no part of the document. All examples have the same MAC. */
    private static final RecordMac MAC =
            new RecordMac(parts -> Base64.getDecoder().decode("AaurpaurpaurpaurpaurpaU="), (tag, parts) -> true);

    static List<Event> events() {
        return Examples.ofEachType();
    }

    static Set<String> channels() {
        return Set.copyOf(DOCUMENT.path("channels").propertyNames());
    }

    @Test
    void there_is_one_message_per_event_type() {
        List<String> names = new ArrayList<>();
        for (String channel : channels()) {
            names.addAll(channel(channel).path("messages").propertyNames());
        }
        List<String> types = Stream.of(EventType.values()).map(EventType::text).toList();
        assertThat(names).containsExactlyInAnyOrderElementsOf(types);
        assertThat(DOCUMENT.at("/components/messages").propertyNames()).containsExactlyInAnyOrderElementsOf(types);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void a_message_is_on_the_channel_of_its_topic(EventType type) {
        assertThat(channels().stream()
                        .map(AsyncApiTest::channel)
                        .filter(channel -> channel.path("messages").has(type.text())))
                .singleElement()
                .satisfies(channel -> {
                    assertThat(channel.path("address").asString()).isEqualTo(CloudEvent.topic(type));
                    assertThat(channel.at("/bindings/kafka/topic").asString()).isEqualTo(CloudEvent.topic(type));
                    assertThat(channel.path("messages").path(type.text())).isEqualTo(message(type));
                });
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void the_payload_is_the_schema_of_the_type(EventType type) {
        String reference = message(type).at("/payload/$ref").asString();
        assertThat(reference).isEqualTo("./events/" + type.text() + ".json");
        assertThat(DOCS.resolve(reference)).exists();
    }

    @ParameterizedTest
    @MethodSource("events")
    void the_headers_are_those_that_a_record_has(Event event) {
        JsonNode schema = message(EventType.of(event)).path("headers");
        Map<String, String> traced = texts(CloudEvent.headers(recorded(event, trace(event)), MAC));
        assertThat(names(schema, "properties")).isEqualTo(traced.keySet());
        assertThat(violations(schema, traced)).isEmpty();

        Map<String, String> untraced = texts(CloudEvent.headers(recorded(event, Optional.empty()), MAC));
        assertThat(names(schema, "required")).isEqualTo(untraced.keySet());
        assertThat(violations(schema, untraced)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void the_headers_of_another_type_violate_the_schema(Event event) {
        JsonNode schema = message(EventType.of(event)).path("headers");
        assertThat(events())
                .filteredOn(other -> violations(schema, texts(CloudEvent.headers(recorded(other, trace(other)), MAC)))
                        .isEmpty())
                .containsExactly(event);
    }

    @ParameterizedTest
    @MethodSource("events")
    void the_key_schema_describes_the_record_key(Event event) {
        JsonNode schema = message(EventType.of(event)).at("/bindings/kafka/key");
        assertThat(schema.path("type").asString()).isEqualTo("string");
        assertThat(violations(schema, CloudEvent.key(event))).isEmpty();
        assertThat(violations(schema, "No key")).isNotEmpty();
        assertThat(violations(schema, Examples.PETITION.value()).isEmpty())
                .isEqualTo(!(event instanceof SignatureEvent));
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void an_example_is_exactly_what_the_services_write(EventType type) {
        Map<String, String> headers = headersOf(example(type));
        RecordedEvent recorded = read(type);
        assertThat(recorded.type()).isEqualTo(type);
        assertThat(texts(CloudEvent.headers(recorded, MAC))).isEqualTo(headers);
        assertThat(new String(EventJson.data(recorded.event()), StandardCharsets.UTF_8))
                .isEqualTo(example(type).path("payload").toString());
        assertThat(CloudEvent.key(recorded.event())).isEqualTo(headers.get("ce_subject"));
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void an_example_is_valid_by_its_schemas(EventType type) throws Exception {
        JsonNode message = message(type);
        assertThat(violations(message.path("headers"), headersOf(example(type))))
                .isEmpty();
        assertThat(violations(
                        message.at("/bindings/kafka/key"),
                        example(type).at("/headers/ce_subject").asString()))
                .isEmpty();
        String schema =
                Files.readString(DOCS.resolve(message.at("/payload/$ref").asString()));
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(example(type).path("payload").toString(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void the_examples_tell_one_story_in_log_order() {
        List<RecordedEvent> log = Stream.of(EventType.values())
                .filter(type -> type != EventType.MILESTONE_REACHED)
                .map(AsyncApiTest::read)
                .sorted((one, other) -> Long.compare(one.index(), other.index()))
                .toList();
        assertThat(log).extracting(RecordedEvent::index).doesNotHaveDuplicates();
        assertThat(log).extracting(RecordedEvent::id).doesNotHaveDuplicates();
        assertThat(log).extracting(recorded -> recorded.event().at()).isSorted();

        MilestoneReached milestone =
                (MilestoneReached) read(EventType.MILESTONE_REACHED).event();
        assertThat(log)
                .filteredOn(recorded -> recorded.index() == milestone.reachedBy())
                .singleElement()
                .satisfies(recorded -> {
                    assertThat(recorded.type()).isEqualTo(EventType.SIGNATURE_VERIFIED);
                    assertThat(recorded.event().at()).isEqualTo(milestone.at());
                });
    }

    @ParameterizedTest
    @MethodSource("channels")
    void a_channel_has_one_sender_and_at_least_one_receiver(String channel) {
        List<JsonNode> operations = DOCUMENT.path("operations")
                .valueStream()
                .filter(operation -> operation.at("/channel/$ref").asString().equals("#/channels/" + channel))
                .toList();
        assertThat(operations)
                .filteredOn(operation -> operation.path("action").asString().equals("send"))
                .singleElement()
                .satisfies(operation -> assertThat(sources(channel))
                        .containsOnly("/" + operation.at("/tags/0/name").asString()));
        assertThat(operations)
                .filteredOn(operation -> operation.path("action").asString().equals("receive"))
                .isNotEmpty();
    }

    /** The values of {@code ce_source} that records on a channel have. */
    private static Set<String> sources(String channel) {
        Set<String> sources = new TreeSet<>();
        for (Event event : events()) {
            if (channel(channel).path("messages").has(EventType.of(event).text())) {
                sources.add(texts(CloudEvent.headers(recorded(event, Optional.empty()), MAC))
                        .get("ce_source"));
            }
        }
        return sources;
    }

    private static JsonNode channel(String name) {
        return resolved(DOCUMENT.path("channels").path(name));
    }

    private static JsonNode message(EventType type) {
        return resolved(DOCUMENT.at("/components/messages").path(type.text()));
    }

    private static JsonNode example(EventType type) {
        JsonNode examples = message(type).path("examples");
        assertThat(examples.size()).as("examples of %s", type.text()).isEqualTo(1);
        return examples.path(0);
    }

    private static RecordedEvent read(EventType type) {
        Map<String, String> headers = headersOf(example(type));
        return CloudEvent.read(
                name -> headers.containsKey(name) ? headers.get(name).getBytes(StandardCharsets.UTF_8) : null,
                example(type).path("payload").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> headersOf(JsonNode example) {
        Map<String, String> headers = new TreeMap<>();
        example.path("headers").forEachEntry((name, value) -> headers.put(name, value.stringValue()));
        return headers;
    }

    private static RecordedEvent recorded(Event event, Optional<String> trace) {
        return event instanceof MilestoneReached
                ? new RecordedEvent(0, event.petition() + ":3", trace, event)
                : new RecordedEvent(42, "5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab:7", trace, event);
    }

    /** The counter publishes milestones without a trace. */
    private static Optional<String> trace(Event event) {
        return event instanceof MilestoneReached ? Optional.empty() : Optional.of(TRACE);
    }

    private static Map<String, String> texts(Map<String, byte[]> headers) {
        Map<String, String> texts = new TreeMap<>();
        headers.forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
        return texts;
    }

    /** The names below a keyword of a schema, which is {@code properties} or {@code required}, and of all its parts. */
    private static Set<String> names(JsonNode schema, String keyword) {
        Set<String> names = new TreeSet<>(schema.path(keyword).propertyNames());
        schema.path(keyword).valueStream().filter(JsonNode::isString).forEach(name -> names.add(name.stringValue()));
        schema.path("allOf").forEach(part -> names.addAll(names(part, keyword)));
        return names;
    }

    /** Validates a value as draft 7, from which AsyncAPI's schema object is derived. It checks formats. */
    private static List<?> violations(JsonNode schema, Object value) {
        String json = JsonMapper.shared().writeValueAsString(value);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(schema.toString())
                .validate(json, InputFormat.JSON);
    }

    /** Replaces references within the document by what they refer to. References to files remain. */
    private static JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asString("");
        if (reference.startsWith("#/")) {
            JsonNode target = DOCUMENT.at(reference.substring(1));
            assertThat(target.isMissingNode()).as(reference).isFalse();
            return resolved(target);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.forEachEntry((name, value) -> copy.set(name, resolved(value)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(item -> copy.add(resolved(item)));
            return copy;
        }
        return node;
    }
}
