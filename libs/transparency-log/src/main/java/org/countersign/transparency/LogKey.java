package org.countersign.transparency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** A named Ed25519 key (C2SP signed-note). With its private part it signs, without it only verifies. */
public final class LogKey {

    private static final String ALGORITHM = "Ed25519";
    private static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;
    /** The X.509 prefix of an Ed25519 public key (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] rawPublic;
    private final PublicKey publicKey;
    private final Optional<PrivateKey> privateKey;

    private LogKey(String name, byte[] rawPublic, PublicKey publicKey, Optional<PrivateKey> privateKey) {
        if (name.isEmpty()
                || name.chars().anyMatch(c -> c == '+' || Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new IllegalArgumentException("the name of a key must have no space and no plus sign in it");
        }
        this.name = name;
        this.rawPublic = rawPublic;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /**
     * Creates a key that signs.
     *
     * @param name the name of the key
     * @param seed 32 random bytes, the private key (RFC 8032)
     */
    public static LogKey signing(String name, byte[] seed) {
        if (seed.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, new SeedRandom(seed));
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            return new LogKey(
                    name,
                    Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length),
                    pair.getPublic(),
                    Optional.of(pair.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java since 15 has Ed25519", e);
        }
    }

    /**
     * Parses a key that verifies, in the form of {@link #toString()}: {@code NAME+ID+BASE64}.
     *
     * @throws IllegalArgumentException if it is not a key
     */
    public static LogKey parse(String text) {
        String[] parts = text.trim().split("\\+", 3);
        byte[] bytes = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
        if (bytes.length != 1 + KEY_BYTES || bytes[0] != ED25519) {
            throw new IllegalArgumentException("a log's key is written NAME+ID+BASE64, with an Ed25519 key");
        }
        byte[] raw = Arrays.copyOfRange(bytes, 1, bytes.length);
        byte[] encoded = Arrays.copyOf(X509, X509.length + KEY_BYTES);
        System.arraycopy(raw, 0, encoded, X509.length, KEY_BYTES);
        try {
            LogKey key = new LogKey(
                    parts[0],
                    raw,
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)),
                    Optional.empty());
            if (!HexFormat.of().formatHex(key.id()).equals(parts[1])) {
                throw new IllegalArgumentException("the id of the log's key is not that of its name and key");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the key id: four bytes. */
    public byte[] id() {
        byte[] hash = Merkle.sha256(name.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', ED25519}, rawPublic);
        return Arrays.copyOf(hash, 4);
    }

    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey.orElseThrow(
                    () -> new IllegalStateException("a key without its private part can't sign")));
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean verifies(byte[] text, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the public part: {@code NAME+ID+BASE64}. */
    @Override
    public String toString() {
        byte[] bytes = new byte[1 + KEY_BYTES];
        bytes[0] = ED25519;
        System.arraycopy(rawPublic, 0, bytes, 1, KEY_BYTES);
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns the seed as randomness. Java derives a public key only from a random generator. */
    private static final class SeedRandom extends SecureRandom {

        private static final long serialVersionUID = 1;

        private final transient byte[] seed;

        private SeedRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
