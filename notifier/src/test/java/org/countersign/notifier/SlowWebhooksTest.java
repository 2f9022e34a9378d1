package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.events.MilestoneReached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receivers that answer slowly, without end, or not at all. */
class SlowWebhooksTest extends RunningNotifier {

    private static final String HEAD = "HTTP/1.1 204 No Content\r\nX-Filler: ";

    private final List<Receiver> receivers = new ArrayList<>();
    private final List<String> webhooks = new ArrayList<>();

    @BeforeEach
    void publish() {
        published();
    }

    @AfterEach
    void stop() throws IOException {
        webhooks.forEach(id -> call("DELETE", "/api/webhooks/" + id, ""));
        for (Receiver receiver : receivers) {
            receiver.socket.close();
        }
    }

    /** What a receiver does after it has read the request. */
    @FunctionalInterface
    private interface Answer {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    /** A receiver with a separate address, which counts as a separate host. */
    private final class Receiver {

        private final ServerSocket socket;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();

        private Receiver(String address, Answer answer) throws IOException {
            socket = new ServerSocket(0, 1000, InetAddress.getByName(address));
            receivers.add(this);
            start(() -> {
                while (true) {
                    Socket call = socket.accept();
                    start(() -> answer(call, answer));
                }
            });
        }

        private void answer(Socket call, Answer answer) throws IOException, InterruptedException {
            open.incrementAndGet();
            try (call) {
                InputStream in = call.getInputStream();
                String head = "";
                while (!head.endsWith("\r\n\r\n")) {
                    head += (char) in.read();
                }
                calls.incrementAndGet();
                answer.to(call.getOutputStream());
            } finally {
                open.decrementAndGet();
            }
        }

        private void register(int times) throws Exception {
            for (int i = 0; i < times; i++) {
                String url =
                        "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort() + "/" + i;
                webhooks.add(JSON.readTree(call(
                                        "POST",
                                        "/api/webhooks",
                                        JSON.writeValueAsString(Map.of(
                                                "petition",
                                                petition.value(),
                                                "url",
                                                url,
                                                "events",
                                                List.of("milestone.reached"))))
                                .body())
                        .get("id")
                        .asString());
            }
        }
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | InterruptedException e) {
                // The other side closed the connection.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Answers a byte every three seconds. */
    private static void trickle(OutputStream out) throws IOException, InterruptedException {
        write(out, HEAD);
        while (true) {
            write(out, "x");
            Thread.sleep(3000);
        }
    }

    private static void accept(OutputStream out) throws IOException {
        write(out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }

    private List<String> states(Receiver receiver) {
        return database.sql("""
                        select d.state from delivery d join webhook w on w.id = d.webhook
                        where d.petition = ? and w.url like ?""")
                .params(petition.value(), "http://%:" + receiver.socket.getLocalPort() + "/%")
                .query(String.class)
                .list();
    }

    @Test
    void receivers_that_answer_a_byte_every_three_seconds_hold_no_other() throws Exception {
        Receiver slow = new Receiver("127.0.0.2", SlowWebhooksTest::trickle);
        Receiver quick = new Receiver("127.0.0.3", SlowWebhooksTest::accept);
        slow.register(40);
        quick.register(1);
        for (int i = 1; i <= 20; i++) {
            happens(new MilestoneReached(petition, NOON, i, 100, INDEX.get()));
        }
        await().atMost(TIMEOUT).until(() -> quick.calls.get() == 20);
        assertThat(states(slow)).doesNotContain("sent");
        assertThat(slow.open.get()).isBetween(1, 8);
    }

    @Test
    void an_answer_that_never_ends_is_a_failed_attempt() throws Exception {
        Receiver slow = new Receiver("127.0.0.4", SlowWebhooksTest::trickle);
        slow.register(1);
        happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        await().atMost(TIMEOUT)
                .until(() -> deliveries("")
                        .valueStream()
                        .anyMatch(delivery ->
                                delivery.get("error").asString("").contains("no answer within 15 seconds")));
        await().atMost(TIMEOUT).until(() -> slow.open.get() == 0);
    }

    @Test
    void a_body_without_end_is_cut_off_after_a_few_kilobytes() throws Exception {
        Receiver endless = new Receiver("127.0.0.5", out -> {
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(out, "1000\r\n" + "x".repeat(0x1000) + "\r\n");
            }
        });
        Receiver trickling = new Receiver("127.0.0.6", out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            while (true) {
                write(out, "x");
                Thread.sleep(400);
            }
        });
        endless.register(1);
        trickling.register(1);
        happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        await().atMost(TIMEOUT).until(() -> states(endless).contains("sent"));
        await().atMost(TIMEOUT).until(() -> states(trickling).contains("sent"));
        await().atMost(TIMEOUT).until(() -> endless.open.get() == 0 && trickling.open.get() == 0);
        // What the two sockets buffer may be megabytes, but it has an end.
        assertThat(endless.calls.get()).isEqualTo(1);
    }

    @Test
    void a_redirect_into_a_private_network_is_not_followed() throws Exception {
        Receiver target = new Receiver("127.0.0.7", SlowWebhooksTest::accept);
        Receiver redirecting = new Receiver(
                "127.0.0.8",
                out -> write(
                        out,
                        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.7:" + target.socket.getLocalPort()
                                + "/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        redirecting.register(1);
        happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        await().atMost(TIMEOUT)
                .until(() -> deliveries("")
                        .valueStream()
                        .anyMatch(delivery -> delivery.get("error").asString("").contains("answered 307")));
        assertThat(target.calls.get()).isZero();
    }
}
