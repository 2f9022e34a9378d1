package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.countersign.localstack.net.Endpoint;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.TreeBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heads of a public log, from a server that a test can make lie. */
class PublicLogObserverTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final LogKey KEY = LogKey.signing("a-log", new byte[32]);

    private final List<String> entries = new ArrayList<>();
    private volatile String head;
    private HttpServer server;
    private PublicLogObserver observer;

    @BeforeEach
    void start() throws IOException {
        sign(List.of());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/log/checkpoint", call -> answer(call, head.getBytes(StandardCharsets.UTF_8)));
        server.createContext("/log/tile/entries/", call -> answer(call, bundle()));
        server.start();
        observer = new PublicLogObserver(List.of(Endpoint.loopback(port()).url()));
    }

    @AfterEach
    void stop() {
        observer.close();
        server.stop(0);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange call, byte[] body) throws IOException {
        call.sendResponseHeaders(200, body.length);
        call.getResponseBody().write(body);
        call.close();
    }

    private byte[] bundle() {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (String entry : entries) {
            bundle.write(0);
            bundle.write(entry.length());
            bundle.writeBytes(entry.getBytes(StandardCharsets.UTF_8));
        }
        return bundle.toByteArray();
    }

    private void append(String entry) {
        entries.add(entry);
        sign(entries);
    }

    private void sign(List<String> signed) {
        TreeBuilder tree = new TreeBuilder();
        signed.forEach(entry -> tree.append(Merkle.leafHash(entry.getBytes(StandardCharsets.UTF_8))));
        head = SignedNote.sign(new Checkpoint("a-log", signed.size(), tree.root()).text(), KEY)
                .toString();
    }

    @Test
    void a_log_that_only_grows_has_no_violation() {
        append("one");
        observer.readToEnd(port());
        append("two");
        observer.readToEnd(port());
        assertThat(observer.entries()).isEqualTo(2);
        assertThat(observer.heads()).isGreaterThanOrEqualTo(2);
        assertThat(observer.violations()).isEmpty();
    }

    @Test
    void the_entries_of_a_case_are_counted() {
        append("{\"type\":\"InvalidationCaseOpened\",\"case\":\"a-case\",\"counted\":2}");
        append("{\"type\":\"SignatureInvalidated\",\"case\":\"a-case\"}");
        append("{\"type\":\"SignatureInvalidated\"}");
        append("{\"type\":\"SignatureInvalidated\",\"case\":\"a-case\"}");
        append("{\"type\":\"SignatureReinstated\",\"case\":\"a-case\"}");
        observer.readToEnd(port());
        assertThat(observer.entriesOf("a-case")).isEqualTo(new PublicLogObserver.PublicCaseEntries(1, 2, 2, 1));
        assertThat(observer.entriesOf("another")).isEqualTo(PublicLogObserver.PublicCaseEntries.NONE);
    }

    @Test
    void two_different_heads_of_the_same_size_are_a_violation() {
        append("one");
        observer.readToEnd(port());
        sign(List.of("another"));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(observer.violations())
                        .anySatisfy(violation -> assertThat(violation).contains("two heads", "1 entries differ")));
    }

    @Test
    void a_head_that_the_entries_do_not_have_is_a_violation() {
        append("one");
        sign(List.of("one", "never served"));
        entries.add("two");
        observer.readToEnd(port());
        assertThat(observer.violations())
                .anySatisfy(violation -> assertThat(violation).contains("do not match its head of 2 entries"));
    }
}
