package org.countersign.faulttest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver of webhook calls, which has bad days too. */
final class UnreliableWebhookReceiver implements AutoCloseable {

    /** What it does with a call. */
    enum Mood {
        /** It takes it. */
        GOOD,
        /** It answers 500, having read it. */
        FAILING,
        /** It answers after the caller has lost patience. */
        HANGING,
        /** It sends the caller elsewhere, where nobody should be led to. */
        REDIRECTING
    }

    private static final long BETWEEN_LOOKS_MILLIS = 50;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "webhook-receiver");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, JsonNode> taken = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final AtomicInteger ledElsewhere = new AtomicInteger();
    private volatile Mood mood = Mood.GOOD;

    UnreliableWebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/hook", this::take);
        server.createContext("/elsewhere", exchange -> {
            ledElsewhere.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void become(Mood next) {
        mood = next;
    }

    /** The calls it has taken, by their webhook-id, each once. */
    Map<String, JsonNode> taken() {
        return taken;
    }

    /** How many calls it took, those that came again counted too. */
    int calls() {
        return calls.get();
    }

    /** How many calls it did not take. */
    int turnedAway() {
        return turnedAway.get();
    }

    /** How many callers followed it elsewhere. */
    int ledElsewhere() {
        return ledElsewhere.get();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            Mood now = mood;
            if (now != Mood.GOOD) {
                turnedAway.incrementAndGet();
            }
            switch (now) {
                case FAILING -> exchange.sendResponseHeaders(500, -1);
                case REDIRECTING -> {
                    exchange.getResponseHeaders().set("Location", url().replace("/hook", "/elsewhere"));
                    exchange.sendResponseHeaders(302, -1);
                }
                case HANGING -> {
                    while (mood == Mood.HANGING) {
                        Thread.sleep(BETWEEN_LOOKS_MILLIS);
                    }
                }
                default -> {
                    calls.incrementAndGet();
                    taken.put(exchange.getRequestHeaders().getFirst("webhook-id"), body);
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
