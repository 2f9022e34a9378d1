package org.countersign.signature.publiclog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.counting.StatusTransition;
import org.countersign.events.CloudEvent;
import org.countersign.events.EventType;
import org.countersign.events.InvalidationCaseOpened;
import org.countersign.events.PetitionPublished;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.support.keys.KeyRing;
import org.countersign.transparency.CanonicalJson;
import org.countersign.transparency.Merkle;

/**
 * Encodes the entries of the public log: JSON in UTF-8, in fixed order. Only the entries of a published petition and of
 * a case have free text. A commitment is the SHA-256 of a salt and an event's data. The salt is secret, so that nobody
 * can guess the data. The holder of salt and data can check that the log commits to them. Salts are derived from a key,
 * the position and the event. An entry can therefore be encoded again after an erasure, because it commits to the
 * sealed form.
 */
public final class LeafEncoder {

    private static final byte[] SALT = "salt".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    /** @param keys the key of the log, which never changes */
    LeafEncoder(KeyRing keys) {
        this.keys = keys;
    }

    /** Returns the salt of a commitment to an event in the entry of a position: 32 bytes. */
    public byte[] salt(long position, StoredEvent event) {
        return keys.mac(
                SALT,
                ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES)
                        .putLong(position)
                        .putLong(event.stream().getMostSignificantBits())
                        .putLong(event.stream().getLeastSignificantBits())
                        .putInt(event.sequence())
                        .array());
    }

    /**
     * Encodes an entry. If somebody has changed its event since, the entry says so. Its hash differs from the signed
     * one.
     */
    byte[] encode(LeafSource source) {
        if (!source.event().authentic()) {
            return unauthentic(source);
        }
        StringBuilder json = new StringBuilder(420);
        if (source.entry().isMilestone()) {
            begin(json, source, EventType.MILESTONE_REACHED.text());
            json.append(",\"threshold\":").append(source.entry().milestone());
        } else {
            begin(json, source, source.event().type().text());
            source.transition().ifPresent(transition -> appendSignature(json, source, transition));
            if (source.event().type() == EventType.PETITION_PUBLISHED) {
                appendPetition(
                        json, (PetitionPublished) source.event().recorded().event());
            }
            appendCase(json, source.event());
            appendHash(json, "commitment", commitment(source.position(), source.event()));
            source.signing().ifPresent(signing -> appendHash(json, "signed", commitment(source.position(), signing)));
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] unauthentic(LeafSource source) {
        return "{\"index\":%d,\"type\":\"UnauthenticEvent\",\"time\":\"%s\"}"
                .formatted(source.position(), minute(source.event().at()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void begin(StringBuilder json, LeafSource source, String type) {
        StoredEvent event = source.event();
        json.append("{\"index\":")
                .append(source.position())
                .append(",\"type\":\"")
                .append(type)
                .append("\",\"petition\":\"")
                .append(event.petition())
                .append("\",\"signature\":")
                .append(
                        source.entry().isMilestone()
                                ? "null"
                                : event.signature().map(id -> "\"" + id + "\"").orElse("null"))
                .append(",\"time\":\"")
                .append(minute(event.at()))
                .append('"');
    }

    /** A finer time would join the entry to a name that another page shows with its time. */
    private static String minute(Instant at) {
        return new String(CloudEvent.timeText(at.truncatedTo(ChronoUnit.MINUTES)), StandardCharsets.US_ASCII);
    }

    private static void appendSignature(StringBuilder json, LeafSource source, StatusTransition transition) {
        json.append(",\"was\":\"")
                .append(source.was().text())
                .append("\",\"becomes\":\"")
                .append(transition.becomes().text())
                .append("\",\"text\":\"")
                .append(source.text())
                .append('"');
    }

    private static void appendPetition(StringBuilder json, PetitionPublished published) {
        json.append(",\"title\":");
        CanonicalJson.append(json, published.title());
        json.append(",\"statement\":");
        CanonicalJson.append(json, published.statement());
        json.append(",\"recipients\":");
        CanonicalJson.append(json, published.recipients());
        json.append(",\"goal\":").append(published.goal());
        json.append(",\"milestones\":").append(numbers(published.milestones()));
        json.append(",\"language\":");
        CanonicalJson.append(json, published.language());
        json.append(",\"closesAt\":")
                .append(published.closesAt().map(at -> "\"" + at + "\"").orElse("null"));
        json.append(",\"text\":\"")
                .append(PetitionTexts.of(published).fingerprint())
                .append('"');
    }

    /** Names the case of a case's opening, invalidation or reinstatement. Other entries have no such fields. */
    private static void appendCase(StringBuilder json, StoredEvent stored) {
        switch (stored.type()) {
            case INVALIDATION_CASE_OPENED -> {
                InvalidationCaseOpened opened =
                        (InvalidationCaseOpened) stored.recorded().event();
                appendCaseId(json, Optional.of(opened.invalidationCase()));
                // The number of unconfirmed signatures is not public (decision 61).
                json.append(",\"counted\":").append(opened.counted()).append(",\"reason\":");
                CanonicalJson.append(json, opened.reason());
            }
            case SIGNATURE_INVALIDATED ->
                appendCaseId(json, ((SignatureInvalidated) stored.recorded().event()).invalidationCase());
            case SIGNATURE_REINSTATED ->
                appendCaseId(json, ((SignatureReinstated) stored.recorded().event()).invalidationCase());
            default -> {
                // No other event belongs to a case.
            }
        }
    }

    private static void appendCaseId(StringBuilder json, Optional<UUID> invalidationCase) {
        invalidationCase.ifPresent(id -> json.append(",\"case\":\"").append(id).append('"'));
    }

    private static String numbers(List<Long> numbers) {
        return numbers.toString().replace(" ", "");
    }

    private static void appendHash(StringBuilder json, String name, byte[] hash) {
        json.append(",\"")
                .append(name)
                .append("\":\"")
                .append(HexFormat.of().formatHex(hash))
                .append('"');
    }

    private byte[] commitment(long position, StoredEvent event) {
        return Merkle.sha256(salt(position, event), event.data());
    }
}
