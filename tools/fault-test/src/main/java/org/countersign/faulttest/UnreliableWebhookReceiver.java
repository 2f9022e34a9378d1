package org.countersign.faulttest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver of webhook calls with configurable failures. */
final class UnreliableWebhookReceiver implements AutoCloseable {

    /** The behaviour for a call. */
    enum WebhookBehaviour {
        /** Accepts the call. */
        GOOD,
        /** Reads the call and responds with 500. */
        FAILING,
        /** Responds after the caller's timeout. */
        HANGING,
        /** Redirects the caller to a URL that it must not follow. */
        REDIRECTING
    }

    private static final long POLL_INTERVAL_MILLIS = 50;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "webhook-receiver");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, JsonNode> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger rejectedCalls = new AtomicInteger();
    private final AtomicInteger followedRedirects = new AtomicInteger();
    private final Set<String> unannounced = ConcurrentHashMap.newKeySet();
    private volatile WebhookBehaviour behaviour = WebhookBehaviour.GOOD;

    UnreliableWebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/hook", this::handle);
        server.createContext("/redirected", exchange -> {
            followedRedirects.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** Notes petitions whose milestones may be unannounced, because the registration of the webhook was lost. */
    void lostRegistration(Collection<String> petitions) {
        unannounced.addAll(petitions);
    }

    /** Tells whether milestones of a petition may be unannounced. */
    boolean mayMiss(String petition) {
        return unannounced.contains(petition);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Sets the behaviour for the next calls. */
    void setMode(WebhookBehaviour next) {
        behaviour = next;
    }

    /** Returns the accepted calls by their webhook-id, without duplicates. */
    Map<String, JsonNode> accepted() {
        return accepted;
    }

    /** Returns the number of accepted calls including duplicates. */
    int calls() {
        return calls.get();
    }

    /** Returns the number of calls that were not accepted. */
    int rejectedCalls() {
        return rejectedCalls.get();
    }

    /** Returns the number of callers that followed the redirect. */
    int followedRedirects() {
        return followedRedirects.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            WebhookBehaviour now = behaviour;
            if (now != WebhookBehaviour.GOOD) {
                rejectedCalls.incrementAndGet();
            }
            switch (now) {
                case FAILING -> exchange.sendResponseHeaders(500, -1);
                case REDIRECTING -> {
                    exchange.getResponseHeaders().set("Location", url().replace("/hook", "/redirected"));
                    exchange.sendResponseHeaders(302, -1);
                }
                case HANGING -> {
                    while (behaviour == WebhookBehaviour.HANGING) {
                        Thread.sleep(POLL_INTERVAL_MILLIS);
                    }
                }
                default -> {
                    calls.incrementAndGet();
                    accepted.put(
                            Objects.requireNonNull(exchange.getRequestHeaders().getFirst("webhook-id")), body);
                    exchange.sendResponseHeaders(204, -1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
