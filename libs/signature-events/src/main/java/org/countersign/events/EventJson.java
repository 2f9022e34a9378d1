package org.countersign.events;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON form of an event's data. Petition, signature and time are in the envelope. Readers ignore unknown fields, so
 * that later versions can add optional ones.
 */
public final class EventJson {

    private static final JsonFactory JSON = new JsonFactory();

    private EventJson() {}

    /** Writes the data of an event as a JSON object in UTF-8. */
    public static byte[] data(Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            write(event, json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Returns the SHA-256 of the data of an event, in Base64. */
    public static String hash(Event event) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(data(event)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
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
            if (signed.corrects() > 0) {
                json.writeNumberProperty("corrects", signed.corrects());
            }
            NoticeJson.write(signed.given(), json);
        } else if (event instanceof SignatureVerified verified) {
            json.writeBooleanProperty("updates", verified.updates());
            json.writeStringProperty("signed", verified.signed());
        } else if (event instanceof SigningRepeated repeated) {
            repeated.sealed().ifPresent(address -> json.writeStringProperty("sealed", address.text()));
        } else if (event instanceof SignatureInvalidated invalidated) {
            json.writeStringProperty("reason", invalidated.reason());
            writeCase(invalidated.invalidationCase(), json);
        } else if (event instanceof SignatureReinstated reinstated) {
            json.writeStringProperty("reason", reinstated.reason());
            writeCase(reinstated.invalidationCase(), json);
        } else if (event instanceof PetitionPublished published) {
            writePublished(published, json);
        } else if (event instanceof MilestoneReached reached) {
            json.writeNumberProperty("threshold", reached.threshold());
            json.writeNumberProperty("goal", reached.goal());
            json.writeNumberProperty("reachedBy", reached.reachedBy());
        } else if (event instanceof AlertRequested requested) {
            json.writeStringProperty("alert", requested.alert().toString());
            numbers("milestones", requested.milestones(), json);
            json.writeStringProperty("recipient", requested.recipient().text());
        } else if (event instanceof AlertStopped stopped) {
            json.writeStringProperty("alert", stopped.alert().toString());
            json.writeBooleanProperty("byRecipient", stopped.byRecipient());
        } else if (event instanceof SigningRulesChanged changed) {
            RulesJson.write(changed, json);
        } else if (event instanceof InvalidationCaseOpened opened) {
            CaseOpenedJson.write(opened, json);
        } else if (event instanceof SigningAttackDetected detected) {
            AttackJson.write(detected, json);
        } else if (event instanceof PrivacyNoticeChanged changed) {
            NoticeJson.write(changed, json);
        }
    }

    private static void writeCase(Optional<UUID> invalidationCase, JsonGenerator json) {
        invalidationCase.ifPresent(id -> json.writeStringProperty("case", id.toString()));
    }

    private static void writePublished(PetitionPublished published, JsonGenerator json) {
        json.writeStringProperty("title", published.title());
        json.writeStringProperty("statement", published.statement());
        json.writeArrayPropertyStart("recipients");
        published.recipients().forEach(json::writeString);
        json.writeEndArray();
        json.writeNumberProperty("goal", published.goal());
        numbers("milestones", published.milestones(), json);
        json.writeStringProperty("language", published.language());
        published.closesAt().ifPresent(at -> json.writeStringProperty("closesAt", at.toString()));
        json.writeStringProperty("organiser", published.organiser().text());
        if (!published.topics().isEmpty()) {
            json.writeArrayPropertyStart("topics");
            published.topics().forEach(json::writeString);
            json.writeEndArray();
        }
        NoticeJson.write(published, json);
        published.organisation().ifPresent(id -> json.writeStringProperty("organisation", id.toString()));
    }

    private static void numbers(String name, List<Long> numbers, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        numbers.forEach(json::writeNumber);
        json.writeEndArray();
    }

    /**
     * Reads the data of an event.
     *
     * @param type the type from the envelope
     * @param petition the petition from the envelope
     * @param signature the signature from the envelope, required for signature events
     * @param at the time from the envelope
     * @param data the JSON object in UTF-8
     * @throws UnreadableEventException if the data is not JSON, or a field is missing or out of range
     */
    public static Event read(
            EventType type, PetitionSlug petition, Optional<SignatureId> signature, Instant at, byte[] data) {
        try {
            Fields fields = Fields.of(data);
            return switch (type) {
                case PETITION_PUBLISHED -> published(petition, at, fields);
                case PETITION_CLOSED -> new PetitionClosed(petition, at);
                case PETITION_REOPENED -> new PetitionReopened(petition, at);
                case ALERT_REQUESTED ->
                    new AlertRequested(
                            fields.id("alert"),
                            petition,
                            at,
                            fields.list("milestones", Long.class),
                            Sealed.of(fields.text("recipient")));
                case ALERT_STOPPED -> new AlertStopped(fields.id("alert"), petition, at, fields.flag("byRecipient"));
                case SIGNING_RULES_CHANGED -> RulesJson.read(petition, at, fields);
                case INVALIDATION_CASE_OPENED -> CaseOpenedJson.read(petition, at, fields);
                case SIGNING_ATTACK_DETECTED -> AttackJson.read(petition, at, fields);
                case PRIVACY_NOTICE_CHANGED -> NoticeJson.changed(petition, at, fields);
                case MILESTONE_REACHED ->
                    new MilestoneReached(
                            petition,
                            at,
                            fields.number("threshold"),
                            fields.number("goal"),
                            fields.number("reachedBy"));
                default ->
                    consistent(
                            fields,
                            signatureEvent(
                                    type,
                                    petition,
                                    signature.orElseThrow(
                                            () -> new UnreadableEventException(type.text() + " without a signature")),
                                    at,
                                    fields));
            };
        } catch (JacksonException e) {
            // The message of the parser may quote the data.
            throw new UnreadableEventException(type.text() + ": its data is not JSON");
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnreadableEventException(type.text() + ": a field of its data is out of range", e);
        }
    }

    /** Counters read only the status transition. It must be that of the event. */
    private static SignatureEvent consistent(Fields fields, SignatureEvent event) {
        if (fields.status("was") != event.was() || fields.status("becomes") != event.becomes()) {
            throw new IllegalArgumentException("'was' and 'becomes' are not those of the event");
        }
        return event;
    }

    private static SignatureEvent signatureEvent(
            EventType type, PetitionSlug petition, SignatureId id, Instant at, Fields fields) {
        int round = Math.toIntExact(fields.number("round"));
        CountryCode country = new CountryCode(fields.text("country"));
        return switch (type) {
            case PETITION_SIGNED ->
                new PetitionSigned(
                        id,
                        petition,
                        at,
                        round,
                        country,
                        fields.status("was"),
                        fields.flag("public"),
                        fields.flag("updates"),
                        Sealed.of(fields.text("sealed")),
                        Math.toIntExact(fields.optional("corrects", Long.class).orElse(0L)),
                        NoticeJson.given(fields));
            case SIGNATURE_VERIFIED ->
                new SignatureVerified(id, petition, at, round, country, fields.flag("updates"), fields.text("signed"));
            case SIGNATURE_WITHDRAWN -> new SignatureWithdrawn(id, petition, at, round, country, fields.status("was"));
            case SIGNATURE_EXPIRED ->
                new SignatureExpired(id, petition, at, round, country, fields.status("was"), fields.status("becomes"));
            case SIGNATURE_INVALIDATED ->
                new SignatureInvalidated(
                        id,
                        petition,
                        at,
                        round,
                        country,
                        fields.status("was"),
                        fields.text("reason"),
                        fields.optionalId("case"));
            case SIGNATURE_REINSTATED ->
                new SignatureReinstated(
                        id,
                        petition,
                        at,
                        round,
                        country,
                        fields.status("becomes"),
                        fields.text("reason"),
                        fields.optionalId("case"));
            case SIGNER_ERASED -> new SignerErased(id, petition, at, round, country, fields.status("was"));
            case SIGNING_REPEATED ->
                new SigningRepeated(
                        id,
                        petition,
                        at,
                        round,
                        country,
                        fields.status("was"),
                        fields.optional("sealed", String.class).map(Sealed::of));
            case UPDATES_STOPPED -> new UpdatesStopped(id, petition, at, round, country, fields.status("was"));
            case CONTACT_CONSENT_WITHDRAWN ->
                new ContactConsentWithdrawn(id, petition, at, round, country, fields.status("was"));
            default -> throw new IllegalStateException(type + " is no signature event");
        };
    }

    /** Readers would disagree about a repeated field (RFC 7493, section 2.3). */
    private static void requireFirst(boolean first) {
        if (!first) {
            throw new UnreadableEventException("a field of its data is there twice");
        }
    }

    private static PetitionPublished published(PetitionSlug petition, Instant at, Fields fields) {
        return new PetitionPublished(
                petition,
                at,
                fields.text("title"),
                fields.text("statement"),
                fields.list("recipients", String.class),
                fields.number("goal"),
                fields.list("milestones", Long.class),
                fields.text("language"),
                fields.optional("closesAt", String.class).map(EventJson::instant),
                Sealed.of(fields.text("organiser")),
                fields.optionalTexts("topics"),
                NoticeJson.optional(fields),
                fields.optionalId("organisation"),
                NoticeJson.reminders(fields));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("not an instant", e);
        }
    }

    /**
     * The fields of an object by name, read without a tree, because consumers read every event.
     *
     * @param values texts, whole numbers, booleans and lists of these
     */
    record Fields(Map<String, @Nullable Object> values) {

        static Fields of(byte[] data) {
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), data)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw new UnreadableEventException("its data is no JSON object");
                }
                Map<String, @Nullable Object> values = new HashMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    requireFirst(!values.containsKey(name));
                    values.put(name, value(json));
                }
                return new Fields(values);
            }
        }

        private static @Nullable Object value(JsonParser json) {
            return switch (json.currentToken()) {
                case VALUE_STRING -> json.getString();
                case VALUE_NUMBER_INT -> json.getLongValue();
                case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
                case START_ARRAY -> list(json);
                default -> {
                    json.skipChildren();
                    yield null;
                }
            };
        }

        private static List<@Nullable Object> list(JsonParser json) {
            List<@Nullable Object> items = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(json));
            }
            return items;
        }

        <T> Optional<T> optional(String name, Class<T> type) {
            Object value = values.get(name);
            if (value != null && !type.isInstance(value)) {
                throw new UnreadableEventException("the field '" + name + "' is of another type");
            }
            return Optional.ofNullable(type.cast(value));
        }

        private <T> T required(String name, Class<T> type) {
            return optional(name, type)
                    .orElseThrow(() -> new UnreadableEventException("the field '" + name + "' is missing"));
        }

        String text(String name) {
            return required(name, String.class);
        }

        Optional<UUID> optionalId(String name) {
            return optional(name, String.class).map(Fields::idOf);
        }

        UUID id(String name) {
            return idOf(text(name));
        }

        private static UUID idOf(String text) {
            UUID id = UUID.fromString(text);
            if (!id.toString().equals(text)) {
                throw new IllegalArgumentException("not a UUID of 36 characters");
            }
            return id;
        }

        long number(String name) {
            return required(name, Long.class);
        }

        boolean flag(String name) {
            return required(name, Boolean.class);
        }

        SignatureStatus status(String name) {
            return SignatureStatus.of(text(name));
        }

        List<String> optionalTexts(String name) {
            return values.get(name) == null ? List.of() : list(name, String.class);
        }

        <T> List<T> list(String name, Class<T> type) {
            List<?> items = required(name, List.class);
            if (!items.stream().allMatch(type::isInstance)) {
                throw new UnreadableEventException("an item of the field '" + name + "' is of another type");
            }
            return items.stream().map(type::cast).toList();
        }
    }
}
