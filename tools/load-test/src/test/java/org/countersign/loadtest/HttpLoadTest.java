package org.countersign.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.countersign.localstack.server.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {

    private HttpServer server;
    private final List<String> answers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/told", exchange -> answer(exchange, 200, false));
        server.createContext("/chunked", exchange -> answer(exchange, 503, true));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, boolean chunked) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, chunked ? 0 : body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private final class Calls implements HttpLoad.Source {

        private final String path;
        private final int count;
        private int made;

        private Calls(String path, int count) {
            this.path = path;
            this.count = count;
        }

        @Override
        public HttpLoad.Call next(long now) {
            String body = "{\"call\":" + made + ",\"text\":\"" + "ä".repeat(made * 100) + "\"}";
            return made++ >= count
                    ? null
                    : new HttpLoad.Call(HttpLoad.post(path, body), now) {
                        @Override
                        protected void ended(int status, String answer, long nanos) {
                            answers.add(status + " " + (answer.equals(body) ? "same" : answer));
                        }
                    };
        }

        @Override
        public boolean finished() {
            return made >= count;
        }
    }

    private void run(int port, Calls calls) throws IOException {
        try (HttpLoad load = new HttpLoad(port, 4)) {
            load.run(calls);
        }
    }

    @Test
    void every_call_is_answered_with_its_own_answer_however_long() throws IOException {
        run(server.getAddress().getPort(), new Calls("/told", 200));
        assertThat(answers).hasSize(200).containsOnly("200 same");
    }

    @Test
    void answers_in_chunks_are_understood_too() throws IOException {
        run(server.getAddress().getPort(), new Calls("/chunked", 50));
        assertThat(answers).hasSize(50).containsOnly("503 same");
    }

    @Test
    void calls_that_nobody_answers_end_with_status_0() throws IOException {
        run(FreePorts.any(), new Calls("/told", 10));
        assertThat(answers).hasSize(10).containsOnly("0 ");
    }

    @Test
    void get_asks_for_the_path() {
        assertThat(new String(HttpLoad.get("/a?b=c"), StandardCharsets.US_ASCII))
                .startsWith("GET /a?b=c HTTP/1.1\r\n")
                .endsWith("\r\n\r\n");
    }
}
