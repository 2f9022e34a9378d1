package org.countersign.counting;

import org.countersign.events.CountryCode;
import org.countersign.events.EventType;
import org.countersign.events.SignatureStatus;
import org.countersign.events.UnreadableEventException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the status transition from the JSON data of a signature event. */
final class TransitionJson {

    private static final JsonFactory JSON = new JsonFactory();

    private TransitionJson() {}

    /**
     * Reads a transition with the fast parser, or with the JSON parser where the fast one gives up.
     *
     * @param type the event's type, named in error messages
     * @param data the event's data, a JSON object in UTF-8
     * @throws UnreadableEventException if the data is not JSON, or a field is missing, repeated or out of range
     */
    static StatusTransition read(EventType type, byte[] data) {
        StatusTransition parsed = TransitionParser.read(data);
        return parsed == null ? readAnyForm(type, data) : parsed;
    }

    /** Reads a transition from a JSON object in any form. */
    static StatusTransition readAnyForm(EventType type, byte[] data) {
        SignatureStatus was = null;
        SignatureStatus becomes = null;
        CountryCode country = null;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), data)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableEventException("its data is no JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "was" -> {
                        requireFirst(was == null);
                        was = SignatureStatus.of(json.getString());
                    }
                    case "becomes" -> {
                        requireFirst(becomes == null);
                        becomes = SignatureStatus.of(json.getString());
                    }
                    case "country" -> {
                        requireFirst(country == null);
                        country = new CountryCode(json.getString());
                    }
                    default -> json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            // The message of the parser may quote the data.
            throw new UnreadableEventException(type.text() + ": its data is not JSON");
        } catch (IllegalArgumentException e) {
            throw new UnreadableEventException(type.text() + ": a field of its data is out of range", e);
        }
        if (was == null || becomes == null || country == null) {
            throw new UnreadableEventException(
                    type.text() + ": one of the fields 'was', 'becomes' and 'country' is missing");
        }
        return new StatusTransition(was, becomes, country);
    }

    /** Readers would disagree about a repeated field (RFC 7493, section 2.3). */
    private static void requireFirst(boolean first) {
        if (!first) {
            throw new UnreadableEventException("a field of its data is there twice");
        }
    }
}
