package org.countersign.notifier.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryChannel;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.DeliverySender;
import org.countersign.notifier.delivery.Recipient;
import org.springframework.stereotype.Component;

/** Calls webhooks. It follows no redirects. It retries after every response except 2xx. Thread-safe. */
class WebhookSender implements DeliverySender {

    /** The maximum number of concurrent calls to all hosts. */
    private static final int MAX_CALLS = 64;
    /** The maximum number of concurrent calls to one host, so that a slow one does not hold the others. */
    private static final int MAX_CALLS_PER_HOST = 8;

    private final Webhooks webhooks;
    private final WebhookKeys keys;
    private final WebhookClient client;
    private final HostPlaces hosts = new HostPlaces(MAX_CALLS_PER_HOST);

    private WebhookSender(Webhooks webhooks, WebhookKeys keys, WebhookClient client) {
        this.webhooks = webhooks;
        this.keys = keys;
        this.client = client;
    }

    /** Opens the webhook channel. */
    @Component("webhookCallers")
    static class Callers implements SenderFactory {

        private final Webhooks webhooks;
        private final WebhookKeys keys;
        private final WebhookTargetPolicy targetPolicy;

        Callers(Webhooks webhooks, WebhookKeys keys, WebhookTargetPolicy targetPolicy) {
            this.webhooks = webhooks;
            this.keys = keys;
            this.targetPolicy = targetPolicy;
        }

        @Override
        public DeliveryChannel channel() {
            return DeliveryChannel.WEBHOOK;
        }

        @Override
        public int workers() {
            return 1;
        }

        @Override
        public int batchSize() {
            return 1;
        }

        @Override
        public int concurrency() {
            return MAX_CALLS;
        }

        @Override
        public DeliverySender open() {
            return new WebhookSender(webhooks, keys, new WebhookClient(targetPolicy, MAX_CALLS, MAX_CALLS_PER_HOST));
        }
    }

    @Override
    public Map<Delivery, DeliveryOutcome> send(List<Delivery> deliveries) {
        Map<Delivery, DeliveryOutcome> outcomes = new LinkedHashMap<>();
        deliveries.forEach(delivery -> outcomes.put(delivery, send(delivery)));
        return outcomes;
    }

    private DeliveryOutcome send(Delivery delivery) {
        UUID webhook = ((Recipient.WebhookRecipient) delivery.recipient()).webhook();
        Optional<URI> url = webhooks.url(webhook);
        if (url.isEmpty()) {
            return DeliveryOutcome.dropped("the webhook was removed");
        }
        String host = url.get().getHost();
        if (!hosts.take(host)) {
            return DeliveryOutcome.busy();
        }
        HttpPost request;
        try {
            request = request(delivery, webhook, url.get());
        } catch (RuntimeException e) {
            hosts.release(host);
            throw e;
        }
        try {
            int status = client.status(request, () -> hosts.release(host));
            return status / 100 == 2
                    ? DeliveryOutcome.sent(host)
                    : DeliveryOutcome.failed(Result.RETRY, host, "the receiver answered " + status);
        } catch (WebhookTargetPolicy.ForbiddenTargetException e) {
            return DeliveryOutcome.failed(Result.PARK, host, "the address " + e.getMessage());
        } catch (WebhookClient.CallFailedException e) {
            return DeliveryOutcome.failed(Result.RETRY, host, e.getMessage());
        }
    }

    private HttpPost request(Delivery delivery, UUID webhook, URI url) {
        String body = delivery.content().details().orElseThrow();
        String id = "msg_" + delivery.id();
        long timestamp = Clock.systemUTC().instant().getEpochSecond();
        HttpPost request = new HttpPost(url);
        request.setHeader("webhook-id", id);
        request.setHeader("webhook-timestamp", Long.toString(timestamp));
        request.setHeader("webhook-signature", keys.signature(webhook, id, timestamp, body));
        delivery.trace().ifPresent(trace -> request.setHeader("Trace-Id", trace));
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON.withCharset(StandardCharsets.UTF_8)));
        return request;
    }

    @Override
    public void idle() {
        // The connections close by themselves.
    }

    @Override
    public void close() {
        client.close();
    }
}
