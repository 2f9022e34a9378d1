package org.countersign.notifier.invitation;

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
import org.countersign.maildata.InvitationMails;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.support.management.InternalSecret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plans the mails of invitations. Invitations are no events, because people leave and their names have to go. The
 * notifier therefore asks the signature service for them, plans the mails durably, and says so with its next call. A
 * mail is planned once, however often the calls are repeated.
 */
@Component
class InvitationPlanner {

    private static final Logger LOG = LoggerFactory.getLogger(InvitationPlanner.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Deliveries deliveries;
    private final URI address;
    private final String authorization;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    InvitationPlanner(
            Deliveries deliveries,
            @Value("${countersign.signature-service.management-url}") String service,
            InternalSecret secret) {
        this.deliveries = deliveries;
        this.address = URI.create(service + InvitationMails.PATH);
        this.authorization = secret.authorization();
    }

    @Scheduled(initialDelayString = "PT5S", fixedDelayString = "PT3S")
    void plan() {
        try {
            List<UUID> wanted = ask(List.of());
            while (!wanted.isEmpty()) {
                deliveries.plan(wanted.stream().map(InvitationPlanner::mail).toList());
                wanted = ask(wanted);
            }
        } catch (IOException | DataAccessException e) {
            // The next call repeats it.
            LOG.debug("Invitations wait: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Delivery mail(UUID invitation) {
        return new Delivery(
                Delivery.idFor("invitation " + invitation),
                DeliveryKind.INVITATION,
                new Recipient.InvitedRecipient(invitation),
                Delivery.Content.of(""),
                Optional.empty(),
                Optional.empty());
    }

    private List<UUID> ask(List<UUID> planned) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(new InvitationMails(planned))))
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("The signature service returned " + response.statusCode());
        }
        return Arrays.asList(JSON.readValue(response.body(), UUID[].class));
    }
}
