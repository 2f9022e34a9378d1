package org.countersign.faulttest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import tools.jackson.databind.JsonNode;

/** An organiser's calls about rules, held calls and cases. A call without an answer is repeated. */
final class OrganiserCalls {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final long RETRY_DELAY_MILLIS = 200;
    private static final int MAX_LISTED = 1000;
    private static final Set<Integer> RETRYABLE = Set.of(429, 503);
    private static final Pattern REMOVED =
            Pattern.compile("Signatures removed from the count on [^:<]+?(?:, and counted again since)?: ([\\d,]+)\\.");

    private final Endpoint service;
    private final Optional<String> organiser;
    private final ApiClient api = new ApiClient();

    /**
     * @param service where the signature service takes connections
     * @param organiser the organiser's credentials
     */
    OrganiserCalls(Endpoint service, Optional<String> organiser) {
        this.service = service;
        this.organiser = organiser;
    }

    /** A call that may get no answer. */
    interface OrganiserAttempt {

        ApiClient.ApiResponse send();
    }

    /** Returns the JSON of the first answer that is not a request to come back later. */
    private static JsonNode untilAnswered(int status, OrganiserAttempt attempt) throws InterruptedException {
        return ApiClient.require(status, untilAnswered(attempt)).json();
    }

    /**
     * Returns the first answer that is not a request to come back later.
     *
     * @throws UserException if there is none within three minutes
     */
    static ApiClient.ApiResponse untilAnswered(OrganiserAttempt attempt) throws InterruptedException {
        long from = System.nanoTime();
        while (true) {
            try {
                ApiClient.ApiResponse response = attempt.send();
                if (!RETRYABLE.contains(response.status())) {
                    return response;
                }
            } catch (UserException noAnswer) {
                if (System.nanoTime() - from > TIMEOUT.toNanos()) {
                    throw noAnswer;
                }
            }
            Thread.sleep(RETRY_DELAY_MILLIS);
        }
    }

    /** Returns the body that holds the calls of one domain and has no limits. */
    static Map<String, Object> rulesThatHold(String domain) {
        return Map.of(
                "hold",
                Map.of("domains", List.of(domain)),
                "limits",
                Map.of(),
                "reason",
                "The signers at " + domain + " are to be looked at.");
    }

    /** Sends the rules once to one instance. Returns whether it answered with success. */
    boolean tryToChangeRules(Endpoint instance, String petition, Map<String, Object> rules) {
        return succeeds(() -> api.send(instance, "PUT", rulesPath(petition), rules, organiser));
    }

    /** Sends the rules until an instance answers. */
    void changeRules(String petition, Map<String, Object> rules) throws InterruptedException {
        untilAnswered(200, () -> api.send(service, "PUT", rulesPath(petition), rules, organiser));
    }

    private static String rulesPath(String petition) {
        return "/api/petitions/" + petition + "/rules";
    }

    private static boolean succeeds(OrganiserAttempt attempt) {
        try {
            return attempt.send().status() == 200;
        } catch (UserException noAnswer) {
            return false;
        }
    }

    /** Returns the held calls of a petition: their rules, and the newest thousand. */
    JsonNode held(String petition) throws InterruptedException {
        return untilAnswered(
                200, () -> api.get(service, "/api/petitions/" + petition + "/held?limit=" + MAX_LISTED, organiser));
    }

    /** Returns the number of held calls of a petition. */
    long heldCalls(String petition) throws InterruptedException {
        long calls = 0;
        for (JsonNode rule : held(petition).path("rules")) {
            calls += rule.path("calls").asLong();
        }
        return calls;
    }

    /** Asks one instance once to release all calls that the hold rule of a domain holds. Returns whether it did. */
    boolean tryToRelease(Endpoint instance, String petition, String domain) {
        return succeeds(() -> api.send(instance, "POST", releasePath(petition), heldBy(domain), organiser));
    }

    /** Asks for the release until an instance answers. Returns the number of calls that this answer names. */
    long release(String petition, String domain) throws InterruptedException {
        return untilAnswered(200, () -> api.send(service, "POST", releasePath(petition), heldBy(domain), organiser))
                .path("released")
                .asLong();
    }

    private static String releasePath(String petition) {
        return "/api/petitions/" + petition + "/held/release";
    }

    private static Map<String, Object> heldBy(String domain) {
        return Map.of("rule", "hold-domain:" + domain);
    }

    /** Opens a case about the signatures of one domain, and returns its id. */
    String openCase(String petition, String domain) throws InterruptedException {
        return untilAnswered(
                        202,
                        () -> api.send(
                                service,
                                "POST",
                                "/api/petitions/" + petition + "/cases",
                                Map.of(
                                        "criteria",
                                        Map.of("domains", List.of(domain)),
                                        "reason",
                                        "one domain",
                                        "publicReason",
                                        "A program made these signatures."),
                                organiser))
                .path("id")
                .asString();
    }

    JsonNode readCase(String id) throws InterruptedException {
        return untilAnswered(200, () -> api.get(service, "/api/cases/" + id, organiser));
    }

    void undo(String id) throws InterruptedException {
        untilAnswered(200, () -> api.send(service, "POST", "/api/cases/" + id + "/undo", Map.of(), organiser));
    }

    /** Returns the number of removed signatures that a petition's page shows, if it shows one. */
    OptionalLong removedOnPage(String petition) {
        Matcher shown = REMOVED.matcher(
                api.get(service, "/petitions/" + petition, Optional.empty()).body());
        return shown.find() ? OptionalLong.of(Long.parseLong(shown.group(1).replace(",", ""))) : OptionalLong.empty();
    }
}
