package org.countersign.signature.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.InvalidFieldsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes challenges and checks their solutions, both in the form of ALTCHA's first protocol
 * (https://altcha.org/docs/server-integration/), so that its widget and its libraries can solve them.
 *
 * <p>A challenge is for one petition and expires after 20 minutes. It is good for one signature. A repeated call for
 * the same signature may use it again, because a signer whose call was not answered repeats it.
 */
@Component
public class ProofOfWork implements SigningProofs {

    /** The name of the field with the solution, as ALTCHA's widget calls it. */
    public static final String FIELD = "altcha";

    private static final Logger LOG = LoggerFactory.getLogger(ProofOfWork.class);
    private static final String ALGORITHM = "SHA-256";
    private static final String HMAC = "HmacSHA256";
    private static final Duration LIFE = Duration.ofMinutes(20);
    private static final int SALT_BYTES = 12;
    private static final int KEY_BYTES = 32;
    private static final int MAX_SOLUTION_LENGTH = 2000;
    private static final int LEAST_NUMBER = 1000;
    private static final int HIGHEST_NUMBER = 10_000_000;
    private static final long KEY_AGE_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * Ends with a delimiter. Otherwise the first digits of the number could be moved to the end of the salt, and change
     * the time (CVE-2025-68113).
     */
    private static final Pattern SALT =
            Pattern.compile("[0-9a-f]{24}\\?expires=([0-9]{1,11})&petition=([a-z0-9-]{1,80})&key=([0-9a-f-]{36})&");

    private static final HexFormat HEX = HexFormat.of();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ProofStore store;
    private final int maxNumber;
    private final Clock clock;
    private volatile @Nullable CachedKey cached;

    /**
     * Reads the settings.
     *
     * @param maxNumber the highest number of a challenge; a sender tries half as many on average
     * @throws IllegalArgumentException if the number is below 1,000 or above 10,000,000
     */
    ProofOfWork(ProofStore store, @Value("${countersign.proof.max-number}") int maxNumber, Clock clock) {
        if (maxNumber < LEAST_NUMBER || maxNumber > HIGHEST_NUMBER) {
            throw new IllegalArgumentException("COUNTERSIGN_PROOF_MAX_NUMBER must be from 1000 to 10000000");
        }
        this.store = store;
        this.maxNumber = maxNumber;
        this.clock = clock;
    }

    private record CachedKey(ProofKey key, long readAt) {}

    /** A solution as the sender sent it. */
    private record Solution(String algorithm, String challenge, long number, String salt, String signature) {}

    /** Makes a challenge for one sign call of a petition. */
    public ProofChallenge challenge(PetitionSlug petition) {
        ProofKey key = key();
        byte[] random = new byte[SALT_BYTES];
        RANDOM.nextBytes(random);
        String salt = HEX.formatHex(random) + "?expires="
                + clock.instant().plus(LIFE).getEpochSecond() + "&petition=" + petition + "&key=" + key.id() + "&";
        String challenge = hash(salt, RANDOM.nextInt(maxNumber + 1));
        return new ProofChallenge(ALGORITHM, challenge, maxNumber, salt, HEX.formatHex(mac(key, challenge)));
    }

    @Override
    public boolean use(PetitionSlug petition, @Nullable String solution, SignatureId signature) {
        if (solution == null || solution.isBlank()) {
            return false;
        }
        Solution parsed = parse(solution);
        Matcher salt = SALT.matcher(parsed.salt());
        if (!parsed.algorithm().equals(ALGORITHM)
                || !salt.matches()
                || !salt.group(2).equals(petition.value())
                || !isEqual(hash(parsed.salt(), parsed.number()), parsed.challenge())) {
            throw invalid();
        }
        ProofKey key = key();
        if (!salt.group(3).equals(key.id().toString())) {
            // A crash of the database has deleted the key of this challenge, and with it the challenges that were used.
            return false;
        }
        if (!isEqual(HEX.formatHex(mac(key, parsed.challenge())), parsed.signature())) {
            throw invalid();
        }
        Instant expires = Instant.ofEpochSecond(Long.parseLong(salt.group(1)));
        return expires.isAfter(clock.instant()) && store.use(key.id(), parsed.challenge(), signature.value(), expires);
    }

    @Override
    public void forgetUnproved(SignatureId signature) {
        try {
            store.forgetUnproved(signature.value());
        } catch (DataAccessException e) {
            // They are released later, and the signer gets a second mail.
            LOG.debug("Cannot delete held calls: {}", e.getMessage());
        }
    }

    private static Solution parse(String text) {
        if (text.length() > MAX_SOLUTION_LENGTH) {
            throw invalid();
        }
        try {
            JsonNode json = JSON.readTree(Base64.getDecoder().decode(text.strip()));
            return new Solution(
                    json.path("algorithm").asString(""),
                    json.path("challenge").asString(""),
                    json.path("number").asLong(-1),
                    json.path("salt").asString(""),
                    json.path("signature").asString(""));
        } catch (IllegalArgumentException | JacksonException e) {
            throw invalid();
        }
    }

    private static InvalidFieldsException invalid() {
        return new InvalidFieldsException(
                FIELD, "is no solution of a challenge of this petition: get a new challenge and solve that");
    }

    private static boolean isEqual(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), actual.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(String salt, long number) {
        try {
            return HEX.formatHex(
                    MessageDigest.getInstance(ALGORITHM).digest((salt + number).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + ALGORITHM, e);
        }
    }

    private static byte[] mac(ProofKey key, String challenge) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.secret(), HMAC));
            return mac.doFinal(challenge.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + HMAC, e);
        }
    }

    /** The key is read once a second, because a crash of the database replaces it. */
    private ProofKey key() {
        CachedKey current = cached;
        if (current == null || System.nanoTime() - current.readAt() > KEY_AGE_NANOS) {
            byte[] random = new byte[KEY_BYTES];
            RANDOM.nextBytes(random);
            current = new CachedKey(store.key(new ProofKey(UUID.randomUUID(), random)), System.nanoTime());
            cached = current;
        }
        return current.key();
    }
}
