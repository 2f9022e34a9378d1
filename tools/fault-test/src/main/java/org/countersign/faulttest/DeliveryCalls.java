package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.ApiClient.ApiResponse;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** An organiser's calls about deliveries. A call without an answer is repeated. */
final class DeliveryCalls {

    private static final String PATH = "/api/deliveries";

    private final int notifier;
    private final Optional<String> organiser;
    private final ApiClient api = new ApiClient();

    /**
     * @param notifier the notifier's port
     * @param organiser the organiser's credentials
     */
    DeliveryCalls(int notifier, Optional<String> organiser) {
        this.notifier = notifier;
        this.organiser = organiser;
    }

    /**
     * Returns the newest parked deliveries of all petitions.
     *
     * @throws UserException if the notifier does not answer
     */
    List<JsonNode> parked() throws InterruptedException {
        return list("?state=parked");
    }

    /**
     * Returns the newest parked deliveries of a petition.
     *
     * @throws UserException if the notifier does not answer
     */
    List<JsonNode> parked(String petition) throws InterruptedException {
        return list("?state=parked&petition=" + petition);
    }

    private List<JsonNode> list(String query) throws InterruptedException {
        ApiResponse response = OrganiserCalls.untilAnswered(() -> api.get(notifier, PATH + query, organiser));
        List<JsonNode> deliveries = new ArrayList<>();
        ApiClient.require(200, response).json().forEach(deliveries::add);
        return deliveries;
    }

    /**
     * Retries a delivery. A repeated call may find that it is no longer parked, which is no error.
     *
     * @throws UserException if the notifier does not answer
     */
    void retry(String delivery) throws InterruptedException {
        OrganiserCalls.untilAnswered(() -> api.post(notifier, PATH + "/" + delivery + "/retry", Map.of(), organiser));
    }
}
