package org.countersign.signature.token;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.support.keys.KeyRing;

/**
 * Makes and reads tokens. A token is Base64 for URLs. Its fields are key number (1 byte), subject (16), round (2), and
 * expiry in seconds since 1970 (4, unsigned). The first 16 bytes of the HMAC-SHA-256 of purpose and fields follow.
 * Equal arguments give equal tokens, so that a mail sent again holds the same link.
 */
public final class LinkTokens {

    /** The latest possible expiry. */
    public static final Instant MAX_EXPIRY = Instant.ofEpochSecond(0xffff_ffffL);

    private static final int BODY_BYTES = 1 + 16 + 2 + 4;
    private static final int MAC_BYTES = 16;
    private static final int MAX_TEXT_LENGTH = 100;

    private final KeyRing keys;
    private final Clock clock;

    public LinkTokens(KeyRing keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Makes a token.
     *
     * @param purpose what it allows
     * @param subject the signature or alert, or the key of a recipient
     * @param round the round of the signature, 0 for other subjects
     * @param expiry when it expires
     */
    public String make(LinkPurpose purpose, UUID subject, int round, Instant expiry) {
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .put((byte) keys.current())
                .putLong(subject.getMostSignificantBits())
                .putLong(subject.getLeastSignificantBits())
                .putShort((short) round)
                .putInt((int) expiry.getEpochSecond())
                .array();
        byte[] mac = keys.mac(new byte[] {purpose.code()}, body);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(BODY_BYTES + MAC_BYTES)
                        .put(body)
                        .put(mac, 0, MAC_BYTES)
                        .array());
    }

    /**
     * Reads a token.
     *
     * @param purpose the purpose that it must have
     * @param text the token
     * @throws InvalidFieldsException if the token is not authentic or has another purpose
     * @throws Rejection if it has expired
     */
    public LinkToken read(LinkPurpose purpose, String text) {
        ByteBuffer body = ByteBuffer.wrap(body(purpose, text)
                .orElseThrow(() ->
                        new InvalidFieldsException("token", "must be the complete token from the link in the mail")));
        body.get();
        UUID subject = new UUID(body.getLong(), body.getLong());
        int round = Short.toUnsignedInt(body.getShort());
        long expiry = Integer.toUnsignedLong(body.getInt());
        if (clock.instant().getEpochSecond() >= expiry) {
            throw new Rejection(Rejection.Reason.LINK_EXPIRED);
        }
        return new LinkToken(subject, round);
    }

    /**
     * Reads a token that has one of several purposes.
     *
     * @param purposes the purposes that it may have
     * @param text the token
     * @throws InvalidFieldsException if the token is not authentic or has another purpose
     * @throws Rejection if it has expired
     */
    public LinkToken readAny(Set<LinkPurpose> purposes, String text) {
        LinkPurpose purpose = purposes.stream()
                .filter(candidate -> body(candidate, text).isPresent())
                .findAny()
                .orElse(purposes.iterator().next());
        return read(purpose, text);
    }

    /** Tells whether a token is authentic and has this purpose. It may have expired. */
    public boolean has(LinkPurpose purpose, String text) {
        return body(purpose, text).isPresent();
    }

    private Optional<byte[]> body(LinkPurpose purpose, String text) {
        byte[] bytes = decode(text);
        if (bytes.length != BODY_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
        return keys.mac(body[0], new byte[] {purpose.code()}, body)
                .filter(expected -> MessageDigest.isEqual(mac, Arrays.copyOf(expected, MAC_BYTES)))
                .map(valid -> body);
    }

    private static byte[] decode(String text) {
        try {
            return text == null || text.length() > MAX_TEXT_LENGTH
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
