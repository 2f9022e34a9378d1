package org.countersign.signature.personaldata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.events.Sealed;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seals personal data with AES-256-GCM. The key of each piece is the HMAC of a random salt under the master key. The
 * salt is stored apart from the data and can be destroyed. Neither a copy of the database nor the master key alone
 * opens the data. The stream's id is authenticated, so that sealed data cannot be moved to another signature.
 */
public final class Vault {

    /** Sealed data, and the secret to store apart from it. */
    public record SealedWithSecret(Sealed sealed, byte[] secret) {}

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SALT_BYTES = 16;
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder(JSON).build();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyRing keys;

    public Vault(KeyRing keys) {
        this.keys = keys;
    }

    /**
     * Seals personal data for a stream.
     *
     * @param stream the stream of the signature, petition or alert
     * @param person the data
     */
    public SealedWithSecret seal(UUID stream, PersonalData person) {
        byte[] random = new byte[SALT_BYTES + NONCE_BYTES];
        RANDOM.nextBytes(random);
        byte[] secret = ByteBuffer.allocate(1 + SALT_BYTES)
                .put((byte) keys.current())
                .put(random, 0, SALT_BYTES)
                .array();
        byte[] nonce = Arrays.copyOfRange(random, SALT_BYTES, random.length);
        byte[] sealed = aes(Cipher.ENCRYPT_MODE, key(secret), nonce, stream, json(person), 0);
        return new SealedWithSecret(
                new Sealed(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array()),
                secret);
    }

    /**
     * Opens sealed data.
     *
     * @param stream the stream that it was sealed for
     * @param sealed the sealed data
     * @param secret the secret that {@link #seal} returned with it
     * @throws IllegalStateException if the stream or key is another one, or the data was altered
     */
    public PersonalData open(UUID stream, Sealed sealed, byte[] secret) {
        byte[] bytes = sealed.bytes();
        JsonNode json = MAPPER.readTree(
                aes(Cipher.DECRYPT_MODE, key(secret), Arrays.copyOf(bytes, NONCE_BYTES), stream, bytes, NONCE_BYTES));
        return new PersonalData(
                json.required("n").asString(),
                json.required("e").asString(),
                json.optional("c").map(JsonNode::asString),
                json.optional("l").map(JsonNode::asString));
    }

    /** Returns the AES key that opens the data of a secret, for the person whom the data is about. */
    public byte[] opening(byte[] secret) {
        return key(secret).getEncoded();
    }

    private SecretKeySpec key(byte[] secret) {
        byte[] salt = Arrays.copyOfRange(secret, 1, secret.length);
        return new SecretKeySpec(
                keys.mac(secret[0], salt)
                        .orElseThrow(() -> new IllegalStateException("Master key number " + secret[0] + " is missing")),
                "AES");
    }

    private static byte[] aes(int mode, SecretKeySpec key, byte[] nonce, UUID stream, byte[] input, int offset) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(ByteBuffer.allocate(16)
                    .putLong(stream.getMostSignificantBits())
                    .putLong(stream.getLeastSignificantBits())
                    .array());
            return cipher.doFinal(input, offset, input.length - offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "Cannot " + (mode == Cipher.ENCRYPT_MODE ? "seal" : "open the sealed") + " data", e);
        }
    }

    private static byte[] json(PersonalData person) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("n", person.name());
            json.writeStringProperty("e", person.email());
            person.comment().ifPresent(comment -> json.writeStringProperty("c", comment));
            person.language().ifPresent(language -> json.writeStringProperty("l", language));
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
