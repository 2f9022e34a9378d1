package org.countersign.events;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Converts events to and from CloudEvents 1.0.2 in Kafka's binary content mode. Attributes are record headers with the
 * prefix {@code ce_}, and the data is the record's value. {@code traceparent} is the distributed tracing extension.
 * {@code ce_index}, {@code ce_petition} and {@code ce_mac} are extensions of this project.
 */
public final class CloudEvent {

    /** The header with the global index in decimal. */
    public static final String INDEX = "ce_index";

    /** The header with the petition's slug. */
    static final String PETITION = "ce_petition";

    private static final String TYPE_PREFIX = "org.countersign.";
    /** The type of a marker in the place of an event that the event store cannot authenticate. */
    private static final byte[] UNAUTHENTIC = utf8(TYPE_PREFIX + "UnauthenticEvent");

    private static final Map<EventType, byte[]> TYPES = new EnumMap<>(EventType.class);
    private static final List<EventType> BY_FREQUENCY = Arrays.stream(EventType.values())
            .sorted(Comparator.comparing(type -> type.code() < EventType.FIRST_SIGNATURE_CODE))
            .toList();
    private static final byte[] SPEC_VERSION = utf8("1.0");
    private static final byte[] CONTENT_TYPE = utf8("application/json");
    private static final byte[] SIGNATURE_SOURCE = utf8("/signature-service");
    private static final byte[] COUNTER_SOURCE = utf8("/counter-projection");

    static {
        for (EventType type : EventType.values()) {
            TYPES.put(type, utf8(TYPE_PREFIX + type.text()));
        }
    }

    private CloudEvent() {}

    /**
     * The attributes of an event without its data.
     *
     * @param index the global index, 0 for events outside the log
     * @param id unique among all events
     * @param type the type of the event
     * @param subject the signature or the petition, which is also the record's key
     * @param petition the petition
     * @param at the time of the event
     * @param trace the W3C trace id, 32 hexadecimal digits
     */
    public record Envelope(
            long index,
            String id,
            EventType type,
            Instant at,
            String petition,
            String subject,
            Optional<String> trace) {

        /** Returns the envelope of an event. */
        public static Envelope of(RecordedEvent recorded) {
            Event event = recorded.event();
            return new Envelope(
                    recorded.index(),
                    recorded.id(),
                    recorded.type(),
                    event.at(),
                    event.petition().value(),
                    key(event),
                    recorded.trace());
        }

        /** Passes each header and its value to the consumer. */
        public void headers(BiConsumer<String, byte[]> header) {
            header.accept("ce_specversion", SPEC_VERSION);
            header.accept("ce_id", utf8(id));
            header.accept("ce_source", type == EventType.MILESTONE_REACHED ? COUNTER_SOURCE : SIGNATURE_SOURCE);
            header.accept("ce_type", TYPES.get(type));
            header.accept("ce_time", timeText(at));
            header.accept("ce_subject", utf8(subject));
            header.accept("content-type", CONTENT_TYPE);
            header.accept(PETITION, utf8(petition));
            header.accept(INDEX, utf8(Long.toString(index)));
            // The log keeps no parent span. The trace id stands in its place, as in a root span.
            trace.ifPresent(
                    known -> header.accept("ce_traceparent", utf8("00-" + known + "-" + known.substring(16) + "-01")));
        }
    }

    /** Returns the record's headers by name, without the MAC. */
    public static Map<String, byte[]> headers(RecordedEvent recorded) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        Envelope.of(recorded).headers(headers::put);
        return headers;
    }

    /** Returns the record's headers by name, with the MAC. */
    public static Map<String, byte[]> headers(RecordedEvent recorded, RecordMac mac) {
        Map<String, byte[]> headers = headers(recorded);
        headers.put(RecordMac.HEADER, mac.of(headers::get, EventJson.data(recorded.event())));
        return headers;
    }

    /**
     * Passes each header of a marker to the consumer, without the MAC. A marker has no data. Readers pass over its
     * index.
     *
     * @param index the global index of the event that is not authentic
     * @param id the id that the event claims
     * @param subject the stream that the event claims
     * @param at the time that the event claims
     */
    public static void markerHeaders(
            long index, String id, String subject, Instant at, BiConsumer<String, byte[]> header) {
        header.accept("ce_specversion", SPEC_VERSION);
        header.accept("ce_id", utf8(id));
        header.accept("ce_source", SIGNATURE_SOURCE);
        header.accept("ce_type", UNAUTHENTIC);
        header.accept("ce_time", timeText(at));
        header.accept("ce_subject", utf8(subject));
        header.accept(INDEX, utf8(Long.toString(index)));
    }

    /** Tells whether a record is a marker, see {@link #markerHeaders}. */
    public static boolean isMarker(Function<String, byte @Nullable []> header) {
        return Arrays.equals(UNAUTHENTIC, header.apply("ce_type"));
    }

    /** Returns the record key. Records of one key stay in order. */
    public static String key(Event event) {
        return event instanceof SignatureEvent signature
                ? signature.signature().toString()
                : event.petition().value();
    }

    /** Returns the topic of a type. */
    public static String topic(EventType type) {
        if (type == EventType.MILESTONE_REACHED) {
            return Topics.MILESTONE_EVENTS;
        }
        return type.code() < EventType.FIRST_SIGNATURE_CODE ? Topics.PETITION_EVENTS : Topics.SIGNATURE_EVENTS;
    }

    /**
     * Reads a record.
     *
     * @param header returns the value of a header by name, or null
     * @param data the record's value
     * @throws UnreadableEventException if it is not an event of this contract
     */
    public static RecordedEvent read(Function<String, byte @Nullable []> header, byte @Nullable [] data) {
        EventType type = type(header);
        if (data == null) {
            throw new UnreadableEventException(type.text() + " without data");
        }
        try {
            Optional<SignatureId> signature = SignatureEvent.class.isAssignableFrom(type.eventClass())
                    ? Optional.of(SignatureId.parse(text(header, "ce_subject")))
                    : Optional.empty();
            Event event = EventJson.read(type, petition(header), signature, time(header), data);
            return new RecordedEvent(index(header), text(header, "ce_id"), trace(header), event);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableEventException(type.text() + ": an attribute is out of range", e);
        }
    }

    public static EventType type(Function<String, byte @Nullable []> header) {
        byte[] name = value(header, "ce_type");
        for (EventType type : BY_FREQUENCY) {
            if (Arrays.equals(TYPES.get(type), name)) {
                return type;
            }
        }
        throw new UnreadableEventException(
                isMarker(header) ? "the event store could not authenticate this event" : "its type is not known here");
    }

    public static PetitionSlug petition(Function<String, byte @Nullable []> header) {
        return new PetitionSlug(text(header, PETITION));
    }

    /** Returns the signature of a signature event. */
    public static SignatureId signature(Function<String, byte @Nullable []> header) {
        try {
            return SignatureId.parse(text(header, "ce_subject"));
        } catch (IllegalArgumentException e) {
            throw new UnreadableEventException("its header ce_subject is not a signature", e);
        }
    }

    public static Instant time(Function<String, byte @Nullable []> header) {
        return instant(value(header, "ce_time"));
    }

    /**
     * Reads only the global index.
     *
     * @throws UnreadableEventException if the record has none
     */
    public static long index(Function<String, byte @Nullable []> header) {
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

    /**
     * Parses a time in the form of {@link Instant#toString()} much faster than the general parser, which reads all
     * other forms.
     */
    private static Instant instant(byte[] text) {
        int length = text.length;
        if (length < 20
                || length > 30
                || text[10] != 'T'
                || text[length - 1] != 'Z'
                || length > 20 && text[19] != '.') {
            return Instant.parse(new String(text, StandardCharsets.UTF_8));
        }
        LocalDate date = LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
        LocalTime time = LocalTime.of(digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19));
        int nanos = 0;
        for (int i = 20; i < 29; i++) {
            nanos = nanos * 10 + (i < length - 1 ? digits(text, i, i + 1) : 0);
        }
        return Instant.ofEpochSecond(date.toEpochDay() * 86_400 + time.toSecondOfDay(), nanos);
    }

    /** Writes a time in the form of {@link Instant#toString()}, much faster. */
    public static byte[] timeText(Instant at) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(at.getEpochSecond(), 86_400L));
        if (date.getYear() < 0 || date.getYear() > 9999) {
            return utf8(at.toString());
        }
        int second = Math.floorMod(at.getEpochSecond(), 86_400);
        int nanos = at.getNano();
        int decimals = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9;
        byte[] text = new byte[decimals == 0 ? 20 : 21 + decimals];
        digits(text, 0, 4, date.getYear(), '-');
        digits(text, 5, 2, date.getMonthValue(), '-');
        digits(text, 8, 2, date.getDayOfMonth(), 'T');
        digits(text, 11, 2, second / 3600, ':');
        digits(text, 14, 2, second / 60 % 60, ':');
        digits(text, 17, 2, second % 60, 'Z');
        if (decimals > 0) {
            text[19] = '.';
            digits(text, 20, decimals, decimals == 3 ? nanos / 1_000_000 : decimals == 6 ? nanos / 1000 : nanos, 'Z');
        }
        return text;
    }

    private static void digits(byte[] text, int from, int count, int number, char then) {
        int left = number;
        for (int i = from + count - 1; i >= from; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        text[from + count] = (byte) then;
    }

    private static int digits(byte[] text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            byte digit = text[i];
            if (digit < '0' || digit > '9') {
                throw new DateTimeException("not an instant");
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    private static Optional<String> trace(Function<String, byte @Nullable []> header) {
        byte[] parent = header.apply("ce_traceparent");
        return parent == null || parent.length < 35
                ? Optional.empty()
                : Optional.of(new String(parent, 3, 32, StandardCharsets.US_ASCII));
    }

    private static String text(Function<String, byte @Nullable []> header, String name) {
        return new String(value(header, name), StandardCharsets.UTF_8);
    }

    private static byte[] value(Function<String, byte @Nullable []> header, String name) {
        byte[] value = header.apply(name);
        if (value == null) {
            throw new UnreadableEventException("its header " + name + " is missing");
        }
        return value;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
