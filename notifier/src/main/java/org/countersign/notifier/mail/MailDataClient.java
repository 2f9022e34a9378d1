package org.countersign.notifier.mail;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.support.management.InternalSecret;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads the personal data of recipients from the signature service when mails are sent. It stores nothing. */
@Component
class MailDataClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI address;
    private final String authorization;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    MailDataClient(@Value("${countersign.signature-service.management-url}") String service, InternalSecret secret) {
        this.address = URI.create(service + MailDataRequest.PATH);
        this.authorization = secret.authorization();
    }

    /**
     * Returns the data of each delivery. Empty if the data was erased.
     *
     * @throws IOException if the signature service is unavailable
     */
    List<Optional<MailData>> of(List<Delivery> deliveries) throws IOException {
        List<MailDataRequest> wanted =
                deliveries.stream().map(MailDataClient::request).toList();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(wanted)))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("The signature service returned " + response.statusCode());
            }
            MailData[] data = JSON.readValue(response.body(), MailData[].class);
            return Arrays.stream(data).map(Optional::ofNullable).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The notifier is stopping.", e);
        }
    }

    private static MailDataRequest request(Delivery delivery) {
        String petition = delivery.content().petition();
        Recipient recipient = delivery.recipient();
        if (recipient instanceof Recipient.SignerRecipient signer) {
            Long pendingFor = delivery.kind() == DeliveryKind.REMINDER
                    ? delivery.content().details().map(Long::valueOf).orElse(0L)
                    : null;
            return new MailDataRequest(petition, signer.signature(), signer.round(), null, pendingFor, null);
        }
        if (recipient instanceof Recipient.InvitedRecipient invited) {
            return new MailDataRequest(petition, null, 0, null, null, invited.invitation());
        }
        UUID alert = recipient instanceof Recipient.AlertRecipient person ? person.alert() : null;
        return new MailDataRequest(petition, null, 0, alert);
    }
}
