package org.countersign.counter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server in place of the signature service. It answers 404 for petitions that no test has given it. */
final class SignatureServiceStub {

    private record Answer(int status, String body) {}

    private static final int SLOW_BODY = 0;
    private static final int MILLIS_PER_BYTE = 100;

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> callsBySlug = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger mostCalls = new AtomicInteger();
    private volatile CountDownLatch hang = new CountDownLatch(0);

    SignatureServiceStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "signature-service-stub");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/api/petitions/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answer(String slug, int status, String body) {
        answers.put(slug, new Answer(status, body));
    }

    /** Answers 200 and sends the body so slowly that it does not end in time. */
    void answerSlowly(String slug) {
        answers.put(slug, new Answer(SLOW_BODY, " ".repeat(50)));
    }

    /** How often a petition was asked for. */
    int calls(String slug) {
        return callsBySlug.getOrDefault(slug, 0);
    }

    void hangUntil(CountDownLatch latch) {
        mostCalls.set(0);
        hang = latch;
    }

    int mostConcurrentCalls() {
        return mostCalls.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostCalls.accumulateAndGet(calls.incrementAndGet(), Math::max);
            hang.await(1, TimeUnit.MINUTES);
            String slug = exchange.getRequestURI().getPath().replace("/api/petitions/", "");
            callsBySlug.merge(slug, 1, Integer::sum);
            Answer answer = answers.getOrDefault(slug, new Answer(404, "{}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            if (answer.status() == SLOW_BODY) {
                sendSlowly(exchange, body);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            calls.decrementAndGet();
        }
    }

    private static void sendSlowly(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, body.length);
        for (byte one : body) {
            exchange.getResponseBody().write(one);
            exchange.getResponseBody().flush();
            Thread.sleep(MILLIS_PER_BYTE);
        }
    }
}
