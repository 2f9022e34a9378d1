package org.countersign.notifier.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryChannel;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.DeliverySender;
import org.countersign.notifier.delivery.Recipient;
import org.springframework.stereotype.Component;

/** Calls webhooks. It follows no redirects. It retries after every response except 2xx. */
class WebhookSender implements DeliverySender {

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(5);
    private static final Timeout RESPONSE_TIMEOUT = Timeout.ofSeconds(10);

    private final Webhooks webhooks;
    private final WebhookKeys keys;
    private final CloseableHttpClient client;

    private WebhookSender(Webhooks webhooks, WebhookKeys keys, CloseableHttpClient client) {
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
            return 2;
        }

        // One at a time. A slow receiver must not delay another one, and must not outlast the lease.
        @Override
        public int batchSize() {
            return 1;
        }

        @Override
        public DeliverySender open() {
            CloseableHttpClient client = HttpClients.custom()
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setDnsResolver(targetPolicy)
                            .setDefaultConnectionConfig(ConnectionConfig.custom()
                                    .setConnectTimeout(CONNECT_TIMEOUT)
                                    .setSocketTimeout(RESPONSE_TIMEOUT)
                                    .build())
                            .build())
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setResponseTimeout(RESPONSE_TIMEOUT)
                            .build())
                    .disableRedirectHandling()
                    .disableCookieManagement()
                    .disableAutomaticRetries()
                    .disableAuthCaching()
                    .setUserAgent("Countersign")
                    .build();
            return new WebhookSender(webhooks, keys, client);
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
        try {
            int status = client.execute(request(delivery, webhook, url.get()), response -> response.getCode());
            return status / 100 == 2
                    ? DeliveryOutcome.sent(host)
                    : DeliveryOutcome.failed(Result.RETRY, host, "the receiver answered " + status);
        } catch (WebhookTargetPolicy.ForbiddenTargetException e) {
            return DeliveryOutcome.failed(Result.PARK, host, "the address " + e.getMessage());
        } catch (IOException e) {
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
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
