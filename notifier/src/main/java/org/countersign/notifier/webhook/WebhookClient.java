package org.countersign.notifier.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls receivers that may be slow or hostile. A call has one deadline for everything: the name, the connection, the
 * request and the head of the response. Of the body, a few kilobytes are read for a short time. Thread-safe.
 */
final class WebhookClient implements AutoCloseable {

    /** Less than the lease of a delivery, so that no other worker calls the receiver at the same time. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    /** A receiver that sends its body at once can be called again on the same connection. */
    private static final Duration BODY_TIMEOUT = Duration.ofMillis(500);

    private static final int MAX_BODY_BYTES = 4096;
    private static final int MAX_LINE_BYTES = 8192;
    private static final int MAX_HEADERS = 100;
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(5);
    private static final Timeout RESPONSE_TIMEOUT = Timeout.ofSeconds(10);

    /** The receiver could not be reached, or gave no valid answer in time. */
    static final class CallFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        CallFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final CloseableHttpClient client;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "webhook-call");
        thread.setDaemon(true);
        return thread;
    });

    WebhookClient(WebhookTargetPolicy targetPolicy, int maxCalls, int maxCallsPerHost) {
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(targetPolicy)
                        .setMaxConnTotal(maxCalls)
                        .setMaxConnPerRoute(maxCallsPerHost)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxLineLength(MAX_LINE_BYTES)
                                        .setMaxHeaderCount(MAX_HEADERS)
                                        .build())
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_TIMEOUT)
                                .setSocketTimeout(RESPONSE_TIMEOUT)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(RESPONSE_TIMEOUT)
                        .setConnectionRequestTimeout(CONNECT_TIMEOUT)
                        .build())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Countersign")
                .build();
    }

    /**
     * Sends a request and returns the status of the response.
     *
     * @param ended runs once when nothing of the call is left. This may be after the deadline
     * @throws WebhookTargetPolicy.ForbiddenTargetException if the target is in a private network
     * @throws CallFailedException if there is no response before the deadline
     */
    int status(HttpPost request, Runnable ended) throws CallFailedException {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        CompletableFuture<Void> body =
                CompletableFuture.runAsync(() -> call(request, status), threads).whenComplete((done, e) -> ended.run());
        try {
            int code = status.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            awaitBody(body);
            return code;
        } catch (TimeoutException e) {
            throw new CallFailedException("no answer within " + DEADLINE.toSeconds() + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailedException("the service is stopping", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof WebhookTargetPolicy.ForbiddenTargetException forbidden) {
                throw forbidden;
            }
            throw new CallFailedException(String.valueOf(cause.getMessage()), cause);
        } finally {
            if (!body.isDone()) {
                request.abort();
            }
        }
    }

    private void call(HttpPost request, CompletableFuture<Integer> status) {
        try (ClassicHttpResponse response = client.executeOpen(RoutingSupport.determineHost(request), request, null)) {
            status.complete(response.getCode());
            if (response.getEntity() != null) {
                byte[] begun = response.getEntity().getContent().readNBytes(MAX_BODY_BYTES);
                if (begun.length == MAX_BODY_BYTES) {
                    // Closing the response would read the rest.
                    request.abort();
                }
            }
        } catch (IOException | HttpException | RuntimeException | Error e) {
            // Too late if the status is known: then the body was cut off, which does not matter.
            status.completeExceptionally(e);
        }
    }

    private static void awaitBody(CompletableFuture<Void> body) throws InterruptedException {
        try {
            body.get(BODY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The status counts, not the body.
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
