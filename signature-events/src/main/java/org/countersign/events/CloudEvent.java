package org.countersign.events;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An event as a CloudEvent in Kafka's binary content mode: attributes are record headers that start with {@code ce_}, the
 * data is the record's value. See the CloudEvents specification 1.0.2 and its Kafka protocol binding; {@code traceparent}
 * is its distributed tracing extension; {@code ce_index} and {@code ce_petition} are our own extensions.
 */
public final class CloudEvent {

    /** The header with the event's global index in decimal. */
    public static final String INDEX = "ce_index";

    private static final String TYPE_PREFIX = "org.countersign.";
    private static final byte[] SPEC_VERSION = utf8("1.0");
    private static final byte[] CONTENT_TYPE = utf8("application/json");
    private static final byte[] SIGNATURE_SOURCE = utf8("/signature-service");
    private static final byte[] COUNTER_SOURCE = utf8("/counter-projection");

    private CloudEvent() {
    }

    /** The record's headers, by name. */
    public static Map<String, byte[]> headers(RecordedEvent recorded) {
        Event event = recorded.event();
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", SPEC_VERSION);
        headers.put("ce_id", utf8(recorded.id()));
        headers.put("ce_source", event instanceof MilestoneReached ? COUNTER_SOURCE : SIGNATURE_SOURCE);
        headers.put("ce_type", utf8(TYPE_PREFIX + recorded.type().text()));
        headers.put("ce_time", utf8(event.at().toString()));
        headers.put("ce_subject", utf8(key(event)));
        headers.put("content-type", CONTENT_TYPE);
        headers.put("ce_petition", utf8(event.petition().value()));
        headers.put(INDEX, utf8(Long.toString(recorded.index())));
        // A trace's parent span is not kept over the log: the trace id stands for it, as in a root span.
        recorded.trace().ifPresent(trace ->
                headers.put("ce_traceparent", utf8("00-" + trace + "-" + trace.substring(16) + "-01")));
        return headers;
    }

    /** The record's key: what must stay in order stays in one partition. */
    public static String key(Event event) {
        return event instanceof SignatureEvent signature ? signature.signature().toString() : event.petition().value();
    }

    /** The topic an event belongs to. */
    public static String topic(Event event) {
        if (event instanceof SignatureEvent) {
            return Topics.SIGNATURE_EVENTS;
        }
        return event instanceof MilestoneReached ? Topics.MILESTONE_EVENTS : Topics.PETITION_EVENTS;
    }

    /**
     * Reads a record.
     *
     * @param header gives a header's value by its name, null where there is none
     * @param data   the record's value
     * @throws UnreadableEventException if it is no event of this contract
     */
    public static RecordedEvent read(Function<String, byte[]> header, byte[] data) {
        String typeName = text(header, "ce_type");
        EventType type = Optional.of(typeName).filter(name -> name.startsWith(TYPE_PREFIX))
                .flatMap(name -> EventType.named(name.substring(TYPE_PREFIX.length())))
                .orElseThrow(() -> new UnreadableEventException("its type is not known here"));
        if (data == null) {
            throw new UnreadableEventException(type.text() + " without data");
        }
        try {
            Optional<SignatureId> signature = SignatureEvent.class.isAssignableFrom(type.eventClass())
                    ? Optional.of(SignatureId.parse(text(header, "ce_subject"))) : Optional.empty();
            Event event = EventJson.read(type, new PetitionSlug(text(header, "ce_petition")), signature,
                    Instant.parse(text(header, "ce_time")), data);
            return new RecordedEvent(index(header), text(header, "ce_id"), trace(header), event);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableEventException(type.text() + ": an attribute is out of range", e);
        }
    }

    /**
     * The global index alone.
     *
     * @throws UnreadableEventException if the record has none
     */
    public static long index(Function<String, byte[]> header) {
        byte[] digits = header.apply(INDEX);
        if (digits == null || digits.length == 0 || digits.length > 18) {
            throw new UnreadableEventException("its header " + INDEX + " is missing or too long");
        }
        long index = 0;
        for (byte digit : digits) {
            if (digit < '0' || digit > '9') {
                throw new UnreadableEventException("its header " + INDEX + " is not a number");
            }
            index = index * 10 + digit - '0';
        }
        return index;
    }

    private static Optional<String> trace(Function<String, byte[]> header) {
        byte[] parent = header.apply("ce_traceparent");
        return parent == null || parent.length < 35
                ? Optional.empty() : Optional.of(new String(parent, 3, 32, StandardCharsets.US_ASCII));
    }

    private static String text(Function<String, byte[]> header, String name) {
        byte[] value = header.apply(name);
        if (value == null) {
            throw new UnreadableEventException("its header " + name + " is missing");
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
