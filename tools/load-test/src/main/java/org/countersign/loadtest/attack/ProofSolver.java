package org.countersign.loadtest.attack;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Solves the challenges of a petition under attack, as the script of its form does. The protocol is the first one of
 * ALTCHA (https://altcha.org/docs/server-integration/).
 */
final class ProofSolver implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ExecutorService solver = Executors.newSingleThreadExecutor();

    /**
     * Solves a challenge in the background.
     *
     * @param challenge the challenge as the service sent it
     * @param solved gets the solution in Base64, on another thread
     */
    void solve(String challenge, Consumer<String> solved) {
        solver.execute(() -> solved.accept(solution(JSON.readTree(challenge))));
    }

    private static String solution(JsonNode challenge) {
        byte[] wanted = HexFormat.of().parseHex(challenge.get("challenge").asString());
        String salt = challenge.get("salt").asString();
        for (int number = 0; number <= challenge.get("maxnumber").asInt(); number++) {
            if (MessageDigest.isEqual(sha256(salt + number), wanted)) {
                Map<String, Object> solution = Map.of(
                        "algorithm", challenge.get("algorithm").asString(),
                        "challenge", challenge.get("challenge").asString(),
                        "number", number,
                        "salt", salt,
                        "signature", challenge.get("signature").asString());
                return Base64.getEncoder()
                        .encodeToString(JSON.writeValueAsString(solution).getBytes(StandardCharsets.UTF_8));
            }
        }
        throw new IllegalStateException("the challenge has no solution");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks SHA-256", e);
        }
    }

    @Override
    public void close() {
        solver.shutdownNow();
    }
}
