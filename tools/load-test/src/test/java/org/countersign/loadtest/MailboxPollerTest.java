package org.countersign.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxPollerTest {

    @Test
    void without_mail_only_a_few_addresses_are_polled() throws Exception {
        Set<String> polledAddresses = ConcurrentHashMap.newKeySet();
        AtomicInteger polls = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        HttpServer emptyMailbox = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        emptyMailbox.setExecutor(threads);
        emptyMailbox.createContext("/", exchange -> {
            try (exchange) {
                polledAddresses.add(exchange.getRequestURI().getQuery());
                polls.incrementAndGet();
                byte[] none = "[]".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, none.length);
                exchange.getResponseBody().write(none);
            }
        });
        emptyMailbox.start();
        MailboxPoller poller = new MailboxPoller(emptyMailbox.getAddress().getPort(), mail -> {});
        try {
            poller.start();
            for (int i = 0; i < 1000; i++) {
                poller.expect(new MailboxPoller.ExpectedMail("signer-" + i + "@burst.example", true, false));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> polls.get() > 200);
            assertThat(polledAddresses).hasSizeLessThan(20);
            assertThat(poller.outstanding()).isEqualTo(1000);
        } finally {
            poller.stop();
            emptyMailbox.stop(0);
            threads.shutdown();
        }
    }
}
