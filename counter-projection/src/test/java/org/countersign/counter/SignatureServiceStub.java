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

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
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
            Answer answer = answers.getOrDefault(slug, new Answer(404, "{}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            calls.decrementAndGet();
        }
    }
}
