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
    void while_no_mail_comes_a_few_people_look_and_the_others_wait() throws Exception {
        Set<String> lookedFor = ConcurrentHashMap.newKeySet();
        AtomicInteger looks = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        HttpServer emptyMailbox = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        emptyMailbox.setExecutor(threads);
        emptyMailbox.createContext("/", exchange -> {
            try (exchange) {
                lookedFor.add(exchange.getRequestURI().getQuery());
                looks.incrementAndGet();
                byte[] none = "[]".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, none.length);
                exchange.getResponseBody().write(none);
            }
        });
        emptyMailbox.start();
        MailboxPoller letters = new MailboxPoller(emptyMailbox.getAddress().getPort(), letter -> {});
        try {
            letters.start();
            for (int i = 0; i < 1000; i++) {
                letters.expect(new MailboxPoller.Letter("signer-" + i + "@burst.example", true, false));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> looks.get() > 200);
            assertThat(lookedFor).hasSizeLessThan(20);
            assertThat(letters.outstanding()).isEqualTo(1000);
        } finally {
            letters.stop();
            emptyMailbox.stop(0);
            threads.shutdown();
        }
    }
}
