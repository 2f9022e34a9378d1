package org.countersign.signature.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalInt;
import org.countersign.events.PetitionSlug;
import org.countersign.support.keys.KeyRing;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the signed time in a form: when the page was sent to its reader. It is Base64 for URLs. Its fields
 * are key number (1 byte) and time in seconds since 1970 (4, unsigned). The first 8 bytes of the HMAC-SHA-256 of
 * purpose, fields and petition follow.
 *
 * <p>It proves that somebody asked for the page at this time, and not that each form was asked for once: a bot may use
 * one time for many calls. It is a signal and no permission.
 */
public final class FormTimes {

    private static final byte[] PURPOSE = "form".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY_BYTES = 1 + 4;
    private static final int MAC_BYTES = 8;
    private static final int TEXT_LENGTH = 18;
    /** A page that was open for longer tells nothing. */
    private static final Duration MAX_AGE = Duration.ofHours(8);
    /** Another instance may have made the page, and its clock may be ahead. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private final KeyRing keys;

    /** @param keys the keys of links */
    public FormTimes(KeyRing keys) {
        this.keys = keys;
    }

    /** Makes the signed time of a petition's form. */
    public String make(PetitionSlug petition, Instant now) {
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .put((byte) keys.current())
                .putInt((int) now.getEpochSecond())
                .array();
        byte[] mac = keys.mac(PURPOSE, body, bytes(petition));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(BODY_BYTES + MAC_BYTES)
                        .put(body)
                        .put(mac, 0, MAC_BYTES)
                        .array());
    }

    /**
     * Returns for how many seconds a form was open.
     *
     * @param text the signed time as the caller sent it
     * @return empty if it is missing, forged, of another petition or older than eight hours
     */
    public OptionalInt secondsOpen(PetitionSlug petition, @Nullable String text, Instant now) {
        if (text == null || text.length() != TEXT_LENGTH) {
            return OptionalInt.empty();
        }
        byte[] bytes = decode(text);
        if (bytes.length != BODY_BYTES + MAC_BYTES) {
            return OptionalInt.empty();
        }
        byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
        boolean authentic = keys.mac(body[0], PURPOSE, body, bytes(petition))
                .filter(expected -> MessageDigest.isEqual(mac, Arrays.copyOf(expected, MAC_BYTES)))
                .isPresent();
        long seconds = now.getEpochSecond()
                - Integer.toUnsignedLong(ByteBuffer.wrap(body, 1, 4).getInt());
        return authentic && seconds >= -CLOCK_DIFFERENCE.toSeconds() && seconds <= MAX_AGE.toSeconds()
                ? OptionalInt.of((int) Math.max(0, seconds))
                : OptionalInt.empty();
    }

    private static byte[] bytes(PetitionSlug petition) {
        return petition.value().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
