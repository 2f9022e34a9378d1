package org.countersign.events;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON form of an event's data: all of it but the petition, the signature and the time, which stand in the envelope.
 * Readers ignore fields they don't know, so that later versions can add optional ones.
 */
public final class EventJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder(JSON).build();

    private EventJson() {
    }

    /** The event's data as a JSON object in UTF-8. */
    public static byte[] data(Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            write(event, json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(Event event, JsonGenerator json) {
        if (event instanceof SignatureEvent signature) {
            json.writeNumberProperty("round", signature.round());
            json.writeStringProperty("country", signature.country().value());
            json.writeStringProperty("was", signature.was().text());
            json.writeStringProperty("becomes", signature.becomes().text());
        }
        if (event instanceof PetitionSigned signed) {
            json.writeBooleanProperty("public", signed.publicly());
            json.writeBooleanProperty("updates", signed.updates());
            json.writeStringProperty("sealed", signed.sealed().text());
        } else if (event instanceof SignatureVerified verified) {
            json.writeBooleanProperty("updates", verified.updates());
        } else if (event instanceof SignatureInvalidated invalidated) {
            json.writeStringProperty("reason", invalidated.reason());
        } else if (event instanceof SignatureReinstated reinstated) {
            json.writeStringProperty("reason", reinstated.reason());
        } else if (event instanceof PetitionPublished published) {
            writePublished(published, json);
        } else if (event instanceof MilestoneReached reached) {
            json.writeNumberProperty("threshold", reached.threshold());
            json.writeNumberProperty("goal", reached.goal());
            json.writeNumberProperty("reachedBy", reached.reachedBy());
        }
    }

    private static void writePublished(PetitionPublished published, JsonGenerator json) {
        json.writeStringProperty("title", published.title());
        json.writeStringProperty("statement", published.statement());
        json.writeArrayPropertyStart("recipients");
        published.recipients().forEach(json::writeString);
        json.writeEndArray();
        json.writeNumberProperty("goal", published.goal());
        json.writeArrayPropertyStart("milestones");
        published.milestones().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeStringProperty("language", published.language());
        published.closesAt().ifPresent(at -> json.writeStringProperty("closesAt", at.toString()));
        json.writeStringProperty("organiser", published.organiser().text());
    }

    /**
     * Reads an event's data.
     *
     * @param type      the kind of event
     * @param petition  the petition from the envelope
     * @param signature the signature from the envelope; only signature events need one
     * @param at        the time from the envelope
     * @param data      the JSON object in UTF-8
     * @throws UnreadableEventException if the data is not JSON, or lacks a field, or holds one out of range
     */
    public static Event read(EventType type, PetitionSlug petition, Optional<SignatureId> signature, Instant at, byte[] data) {
        try {
            Fields fields = new Fields(MAPPER.readTree(data));
            return switch (type) {
                case PETITION_PUBLISHED -> published(petition, at, fields);
                case PETITION_CLOSED -> new PetitionClosed(petition, at);
                case PETITION_REOPENED -> new PetitionReopened(petition, at);
                case MILESTONE_REACHED -> new MilestoneReached(petition, at,
                        fields.number("threshold"), fields.number("goal"), fields.number("reachedBy"));
                default -> signatureEvent(type, petition,
                        signature.orElseThrow(() -> new UnreadableEventException(type.text() + " without a signature")), at, fields);
            };
        } catch (JacksonException e) {
            // The parser's own message may quote the data.
            throw new UnreadableEventException(type.text() + ": its data is not JSON");
        } catch (IllegalArgumentException e) {
            throw new UnreadableEventException(type.text() + ": a field of its data is out of range", e);
        }
    }

    private static SignatureEvent signatureEvent(EventType type, PetitionSlug petition, SignatureId id, Instant at, Fields fields) {
        int round = Math.toIntExact(fields.number("round"));
        CountryCode country = new CountryCode(fields.text("country"));
        return switch (type) {
            case PETITION_SIGNED -> new PetitionSigned(id, petition, at, round, country, fields.status("was"),
                    fields.flag("public"), fields.flag("updates"), Sealed.of(fields.text("sealed")));
            case SIGNATURE_VERIFIED -> new SignatureVerified(id, petition, at, round, country, fields.flag("updates"));
            case SIGNATURE_WITHDRAWN -> new SignatureWithdrawn(id, petition, at, round, country, fields.status("was"));
            case SIGNATURE_EXPIRED -> new SignatureExpired(id, petition, at, round, country);
            case SIGNATURE_INVALIDATED -> new SignatureInvalidated(id, petition, at, round, country,
                    fields.status("was"), fields.text("reason"));
            case SIGNATURE_REINSTATED -> new SignatureReinstated(id, petition, at, round, country,
                    fields.status("becomes"), fields.text("reason"));
            case SIGNER_ERASED -> new SignerErased(id, petition, at, round, country, fields.status("was"));
            case SIGNING_REPEATED -> new SigningRepeated(id, petition, at, round, country, fields.status("was"));
            case UPDATES_STOPPED -> new UpdatesStopped(id, petition, at, round, country, fields.status("was"));
            default -> throw new IllegalStateException(type + " is no signature event");
        };
    }

    private static PetitionPublished published(PetitionSlug petition, Instant at, Fields fields) {
        return new PetitionPublished(petition, at, fields.text("title"), fields.text("statement"),
                fields.list("recipients", JsonNode::asString), fields.number("goal"),
                fields.list("milestones", JsonNode::asLong), fields.text("language"),
                fields.optional("closesAt").map(JsonNode::asString).map(EventJson::instant), Sealed.of(fields.text("organiser")));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("not an instant", e);
        }
    }

    private record Fields(JsonNode data) {

        Optional<JsonNode> optional(String name) {
            return data.optional(name).filter(node -> !node.isNull());
        }

        private JsonNode required(String name) {
            return optional(name).orElseThrow(() -> new UnreadableEventException("the field '" + name + "' is missing"));
        }

        String text(String name) {
            return required(name).asString();
        }

        long number(String name) {
            return required(name).asLong();
        }

        boolean flag(String name) {
            return required(name).asBoolean();
        }

        SignatureStatus status(String name) {
            return SignatureStatus.of(text(name));
        }

        <T> List<T> list(String name, Function<JsonNode, T> item) {
            List<T> items = new ArrayList<>();
            required(name).forEach(node -> items.add(item.apply(node)));
            return items;
        }
    }
}
