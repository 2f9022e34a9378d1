package org.countersign.notifier.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that is to be sent.
 *
 * @param id made from what it is for, so that planning twice plans once; also what its repeats carry: in the Message-ID
 *     of a mail, in the webhook-id of a webhook
 * @param lane what must go out in order has the same lane
 * @param signature whose signature it is about, for mails to signers
 * @param round the round of that signature
 * @param alert the alert it is sent for, for mails to whom the organiser wants told
 * @param webhook where it goes, for webhooks
 * @param details JSON with what else the text needs
 * @param trace the trace id of the request that caused it
 * @param attempts how often it was tried, this time included
 */
public record Delivery(
        UUID id,
        DeliveryKind kind,
        Optional<String> lane,
        String petition,
        Optional<UUID> signature,
        int round,
        Optional<UUID> alert,
        Optional<UUID> webhook,
        Optional<String> details,
        Optional<String> trace,
        int attempts) {

    /**
     * The id of the one delivery with this purpose: 122 bits of its SHA-256 as a UUID of version 8 (RFC 9562, section
     * 5.8).
     */
    public static UUID idFor(String purpose) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(purpose.getBytes(StandardCharsets.UTF_8)));
            return new UUID(
                    hash.getLong() & 0xffff_ffff_ffff_0fffL | 0x8000L,
                    hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
