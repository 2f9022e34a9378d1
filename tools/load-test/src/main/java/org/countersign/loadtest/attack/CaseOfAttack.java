package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** Opens one case for the attack that the service has found, as the organiser's page offers it. */
final class CaseOfAttack {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final ApiClient api = new ApiClient();
    private final Ports ports;
    private final String path;

    CaseOfAttack(Ports ports, String petition) {
        this.ports = ports;
        this.path = "/api/petitions/" + petition;
    }

    /**
     * Opens the case for the newest attack and waits for its end.
     *
     * @return the number of signatures that it took out of the verified count; 0 if the service found no attack
     */
    long remove() {
        JsonNode attacks = get(path + "/attacks");
        if (attacks.isEmpty()) {
            return 0;
        }
        String id = ApiClient.require(
                        202,
                        api.post(
                                ports.signatureService(),
                                path + "/cases",
                                Map.of(
                                        "criteria",
                                        Map.of(
                                                "attack",
                                                attacks.get(0).get("since").asString()),
                                        "reason",
                                        "The service found an attack",
                                        "publicReason",
                                        "A program made these signatures."),
                                ApiClient.organiser()))
                .json()
                .get("id")
                .asString();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            JsonNode current = get("/api/cases/" + id);
            if (current.get("state").asString().equals("done")) {
                return current.get("removed").asLong();
            }
            if (System.nanoTime() > end) {
                throw new UserException("The case " + id + " has not ended after " + TIMEOUT.toMinutes()
                        + " minutes. Look at the signature service's log.");
            }
            AttackCommand.pause();
        }
    }

    private JsonNode get(String call) {
        return ApiClient.require(200, api.get(ports.signatureService(), call, ApiClient.organiser()))
                .json();
    }

    /** Returns the addresses of all signatures that count, in lower case, from the export for the hand-over. */
    Set<String> counted() {
        Set<String> addresses = new HashSet<>();
        api.lines(
                ports.signatureService(),
                "GET",
                path + "/signatures.ndjson",
                ApiClient.organiser(),
                row -> addresses.add(row.path("email").asString("").toLowerCase(Locale.ROOT)));
        // The line that ends the export has no address.
        addresses.remove("");
        return addresses;
    }
}
