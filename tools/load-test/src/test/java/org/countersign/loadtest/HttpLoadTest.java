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
import java.util.Optional;
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
        server.createContext("/with-length", exchange -> answer(exchange, 200, false));
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

    private final class EchoRequests implements HttpLoad.RequestSource {

        private final String path;
        private final int count;
        private int made;

        private EchoRequests(String path, int count) {
            this.path = path;
            this.count = count;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            String body = "{\"call\":" + made + ",\"text\":\"" + "ä".repeat(made * 100) + "\"}";
            return made++ >= count
                    ? Optional.empty()
                    : Optional.of(new HttpLoad.TimedRequest(HttpLoad.post(path, body), now) {
                        @Override
                        protected void completed(int status, String answer, long nanos) {
                            answers.add(status + " " + (answer.equals(body) ? "same" : answer));
                        }
                    });
        }

        @Override
        public boolean finished() {
            return made >= count;
        }
    }

    private void run(int port, EchoRequests requests) throws IOException {
        try (HttpLoad load = new HttpLoad(port, 4)) {
            load.run(requests);
        }
    }

    @Test
    void every_request_completes_with_its_own_response_of_any_length() throws IOException {
        run(server.getAddress().getPort(), new EchoRequests("/with-length", 200));
        assertThat(answers).hasSize(200).containsOnly("200 same");
    }

    @Test
    void chunked_responses_are_parsed() throws IOException {
        run(server.getAddress().getPort(), new EchoRequests("/chunked", 50));
        assertThat(answers).hasSize(50).containsOnly("503 same");
    }

    @Test
    void requests_to_a_closed_port_complete_with_status_0() throws IOException {
        run(FreePorts.any(), new EchoRequests("/with-length", 10));
        assertThat(answers).hasSize(10).containsOnly("0 ");
    }

    @Test
    void get_encodes_a_request_for_the_path() {
        assertThat(new String(HttpLoad.get("/a?b=c"), StandardCharsets.US_ASCII))
                .startsWith("GET /a?b=c HTTP/1.1\r\n")
                .endsWith("\r\n\r\n");
    }
}
