package org.countersign.signature.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.support.keys.KeyRing;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the tokens with which a signer asks for the mail again. A token is Base64 for URLs: key number (1
 * byte), nonce (12), and the encrypted signature (16) and expiry (4) with their tag (16), by AES-256-GCM.
 *
 * <p>The signature is encrypted and not only signed. The public log names signatures, so that somebody who typed the
 * address of another person could otherwise find out whether that person has signed.
 */
public final class AgainTokens {

    /** How long after signing the mail can be asked for again. */
    public static final Duration TTL = Duration.ofHours(1);

    private static final byte[] PURPOSE = "mail again".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int CONTENT_BYTES = 16 + 4;
    private static final int TAG_BYTES = 16;
    private static final int TOKEN_BYTES = 1 + NONCE_BYTES + CONTENT_BYTES + TAG_BYTES;
    private static final int TEXT_LENGTH = (TOKEN_BYTES * 4 + 2) / 3;

    private final KeyRing keys;
    private final SecureRandom random = new SecureRandom();

    /** @param keys the keys of links */
    public AgainTokens(KeyRing keys) {
        this.keys = keys;
    }

    /** Makes the token of a sign call. */
    public String make(PetitionSlug petition, SignatureId signature, Instant now) {
        byte number = (byte) keys.current();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] content = ByteBuffer.allocate(CONTENT_BYTES)
                .putLong(signature.value().getMostSignificantBits())
                .putLong(signature.value().getLeastSignificantBits())
                .putInt((int) now.plus(TTL).getEpochSecond())
                .array();
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, keys.mac(PURPOSE), nonce, petition)
                    .doFinal(content);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(TOKEN_BYTES)
                            .put(number)
                            .put(nonce)
                            .put(encrypted)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is missing", e);
        }
    }

    /**
     * Reads a token.
     *
     * @param text the token as the caller sent it
     * @return empty if it is missing, forged, of another petition or too old
     */
    public Optional<SignatureId> read(PetitionSlug petition, @Nullable String text, Instant now) {
        if (text == null || text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            byte[] token = Base64.getUrlDecoder().decode(text);
            Optional<byte[]> key = keys.mac(token[0], PURPOSE);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOfRange(token, 1, 1 + NONCE_BYTES);
            ByteBuffer content = ByteBuffer.wrap(cipher(Cipher.DECRYPT_MODE, key.get(), nonce, petition)
                    .doFinal(token, 1 + NONCE_BYTES, token.length - 1 - NONCE_BYTES));
            SignatureId signature = new SignatureId(new UUID(content.getLong(), content.getLong()));
            return now.getEpochSecond() < Integer.toUnsignedLong(content.getInt())
                    ? Optional.of(signature)
                    : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, PetitionSlug petition)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(petition.value().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
