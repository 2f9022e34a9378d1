package org.countersign.notifier.mail;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.notifier.delivery.Delivery;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the signature service, at the moment of sending, to whom a mail goes. Nothing of the answer is kept. */
@Component
class MailDataClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI address;
    private final String authorization;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    MailDataClient(
            @Value("${countersign.signature-service.url}") String service,
            @Value("${countersign.notifier.password:}") String password) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_NOTIFIER_PASSWORD is not set; it must be the same for the signature service and the notifier");
        }
        this.address = URI.create(service + "/internal/mail-data");
        this.authorization = "Bearer " + password;
    }

    /**
     * Whom a mail goes to and what opens its links.
     *
     * @param language the reader's, as a language tag; empty if nobody said
     */
    record MailData(
            String name,
            String email,
            String language,
            String verifyToken,
            String withdrawToken,
            String stopUpdatesToken,
            String myDataToken) {

        /** Personal data: not shown. */
        @Override
        public String toString() {
            return "MailData[…]";
        }
    }

    /**
     * The data for each delivery; empty where it was erased.
     *
     * @throws IOException if the signature service is away
     */
    List<Optional<MailData>> of(List<Delivery> deliveries) throws IOException {
        List<Map<String, Object>> wanted =
                deliveries.stream().map(MailDataClient::wanted).toList();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(wanted)))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("the signature service answered " + response.statusCode());
            }
            List<Optional<MailData>> found = new ArrayList<>();
            JSON.readTree(response.body())
                    .forEach(one -> found.add(Optional.of(one)
                            .filter(data -> data.hasNonNull("email"))
                            .map(MailDataClient::read)));
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", e);
        }
    }

    private static Map<String, Object> wanted(Delivery delivery) {
        Map<String, Object> one = new HashMap<>();
        one.put("petition", delivery.petition());
        delivery.alert().ifPresent(alert -> one.put("alert", alert.toString()));
        delivery.signature().ifPresent(signature -> one.put("signature", signature.toString()));
        one.put("round", delivery.round());
        return one;
    }

    private static MailData read(JsonNode data) {
        return new MailData(
                data.get("name").asString(),
                data.get("email").asString(),
                data.path("language").asString(""),
                data.path("verifyToken").asString(""),
                data.path("withdrawToken").asString(""),
                data.path("stopUpdatesToken").asString(""),
                data.path("myDataToken").asString(""));
    }
}
