package org.countersign.signature.personaldata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.events.Sealed;
import org.countersign.support.keys.InstancePool;
import org.countersign.support.keys.KeyRing;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seals personal data with AES-256-CTR and HMAC-SHA-256. Each piece has an opening: the HMAC of a random salt under the
 * master key. From it come one key that encrypts and one that authenticates. The salt is stored apart from the data and
 * can be destroyed. Neither a copy of the database nor the master key alone opens the data.
 *
 * <p>The tag of 32 bytes covers the stream's id and the encrypted data, so that sealed data cannot be moved to another
 * signature. It also commits to the opening: nobody can make data that two openings open differently. AES-GCM would not
 * commit.
 */
public final class Vault {

    /** Sealed data, and the secret to store apart from it. */
    public record SealedWithSecret(Sealed sealed, byte[] secret) {}

    private static final String HMAC = "HmacSHA256";
    private static final String AES = "AES/CTR/NoPadding";
    /** The search for a provider costs as much as the encryption of a name. */
    private static final InstancePool<Cipher> CIPHERS = new InstancePool<>(Vault::newCipher);

    private static final InstancePool<Mac> MACS = new InstancePool<>(Vault::newMac);
    private static final int SALT_BYTES = 32;
    private static final int TAG_BYTES = 32;
    private static final byte[] ENCRYPTION = {1};
    private static final byte[] AUTHENTICATION = {2};
    /** Each key encrypts one piece of data, so that the counter can always begin at zero. */
    private static final IvParameterSpec COUNTER = new IvParameterSpec(new byte[16]);

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
        return sealBytes(stream, json(person));
    }

    /**
     * Seals bytes.
     *
     * @param stream an id for this piece of data alone
     * @param data the bytes
     */
    public SealedWithSecret sealBytes(UUID stream, byte[] data) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] secret = ByteBuffer.allocate(1 + SALT_BYTES)
                .put((byte) keys.current())
                .put(salt)
                .array();
        byte[] opening = opening(secret);
        byte[] encrypted = aes(Cipher.ENCRYPT_MODE, opening, data);
        return new SealedWithSecret(
                new Sealed(ByteBuffer.allocate(TAG_BYTES + encrypted.length)
                        .put(tag(opening, stream, encrypted))
                        .put(encrypted)
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
        JsonNode json = MAPPER.readTree(openBytes(stream, sealed, secret));
        return new PersonalData(
                json.required("n").asString(),
                json.required("e").asString(),
                json.optional("c").map(JsonNode::asString),
                json.optional("l").map(JsonNode::asString));
    }

    /**
     * Opens bytes that {@link #sealBytes} sealed.
     *
     * @param stream the id that they were sealed for
     * @param sealed the sealed bytes
     * @param secret the secret that {@link #sealBytes} returned with them
     * @throws IllegalStateException if the id or key is another one, or the data was altered
     */
    public byte[] openBytes(UUID stream, Sealed sealed, byte[] secret) {
        byte[] bytes = sealed.bytes();
        byte[] opening = opening(secret);
        byte[] tag = Arrays.copyOf(bytes, TAG_BYTES);
        byte[] encrypted = Arrays.copyOfRange(bytes, Math.min(TAG_BYTES, bytes.length), bytes.length);
        if (!MessageDigest.isEqual(tag, tag(opening, stream, encrypted))) {
            throw new IllegalStateException(
                    "Cannot open the sealed data: it was altered, or has another key or stream");
        }
        return aes(Cipher.DECRYPT_MODE, opening, encrypted);
    }

    /** Returns the opening of a secret's data: 32 bytes, for the person whom the data is about. */
    public byte[] opening(byte[] secret) {
        byte[] salt = Arrays.copyOfRange(secret, 1, secret.length);
        return keys.mac(secret[0], salt)
                .orElseThrow(() -> new IllegalStateException("Master key number " + secret[0] + " is missing"));
    }

    private static byte[] tag(byte[] opening, UUID stream, byte[] encrypted) {
        return hmac(
                hmac(opening, AUTHENTICATION),
                ByteBuffer.allocate(16)
                        .putLong(stream.getMostSignificantBits())
                        .putLong(stream.getLeastSignificantBits())
                        .array(),
                encrypted);
    }

    private static byte[] aes(int mode, byte[] opening, byte[] input) {
        try {
            Cipher cipher = CIPHERS.take();
            cipher.init(mode, new SecretKeySpec(hmac(opening, ENCRYPTION), "AES"), COUNTER);
            byte[] output = cipher.doFinal(input);
            CIPHERS.put(cipher);
            return output;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks AES in counter mode", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = MACS.take();
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            byte[] result = mac.doFinal();
            MACS.put(mac);
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + HMAC, e);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance(AES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + AES, e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + HMAC, e);
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
