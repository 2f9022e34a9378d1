package org.countersign.support.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.support.network.NetworkList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** Clients that hold what they get, from addresses of the loopback network. The tests mostly wait for timeouts. */
@Execution(ExecutionMode.CONCURRENT)
class HostileClientsTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MAX_CONNECTIONS = 3000;
    private static final int PLACES = 60;
    private static final String MANY_SOCKETS = "many sockets";
    private static final String HOSTILE = "127.0.0.2";
    private static final String HONEST = "127.0.0.3";
    private static final String HALF_A_HEAD = "POST /any HTTP/1.1\r\nHost: localhost\r\nX-Half: ";
    private static final String HALF_A_BODY = "POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000\r\n\r\nx";

    private final Admission admission = new Admission(PLACES, Duration.ofMinutes(5), new SimpleMeterRegistry());
    private final TomcatAdmission tomcat = new TomcatAdmission(
            admission,
            new ClientLimits(
                    new ClientLimits.Settings(500, NetworkList.parse("any", List.of())), new SimpleMeterRegistry()));
    private final AtomicInteger working = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
    private WebServer server;

    @BeforeEach
    void start() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.addConnectorCustomizers(connector -> connector.setProperty("maxConnections", "" + MAX_CONNECTIONS));
        tomcat.customize(factory);
        server = factory.getWebServer(
                context -> context.addServlet("any", new Answers()).addMapping("/*"));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        trickle.shutdownNow();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
        tomcat.destroy();
    }

    private final class Answers extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private static final int CHUNKS = 4096;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            working.incrementAndGet();
            try {
                response.getWriter().print(request.getInputStream().readAllBytes().length + " bytes read");
            } finally {
                working.decrementAndGet();
            }
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            working.incrementAndGet();
            try {
                for (int i = 0; i < CHUNKS; i++) {
                    response.getOutputStream().write(new byte[16 << 10]);
                }
            } finally {
                working.decrementAndGet();
            }
        }
    }

    private Socket connect(String from) throws IOException {
        Socket socket = open(from);
        sockets.add(socket);
        return socket;
    }

    private Socket open(String from) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        return socket;
    }

    private Socket send(String from, String text) throws IOException {
        Socket socket = connect(from);
        write(socket, text);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean sent(Socket socket, String text) {
        try {
            write(socket, text);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private String ask(String from) throws IOException {
        try (Socket socket = open(from)) {
            write(socket, "POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Sends a byte on each connection before any timeout of its server. */
    private void keepOpen() {
        trickle.scheduleWithFixedDelay(() -> sockets.forEach(socket -> sent(socket, "x")), 0, 2, TimeUnit.SECONDS);
    }

    @Test
    @ResourceLock(MANY_SOCKETS)
    void three_thousand_half_open_heads_of_one_address_lock_nobody_out() throws Exception {
        keepOpen();
        for (int i = 0; i < MAX_CONNECTIONS + 300; i++) {
            sent(connect(HOSTILE), HALF_A_HEAD);
        }
        assertThat(ask(HONEST)).startsWith("HTTP/1.1 200").contains("3 bytes read");
    }

    @Test
    @ResourceLock(MANY_SOCKETS)
    void half_open_heads_of_many_addresses_are_closed_so_that_others_are_served() throws Exception {
        keepOpen();
        for (int i = 0; i < MAX_CONNECTIONS + 300; i++) {
            sent(connect("127.0.1." + (1 + i % 200)), HALF_A_HEAD);
        }
        assertThat(ask(HONEST)).startsWith("HTTP/1.1 200").contains("3 bytes read");
    }

    @Test
    void a_head_that_trickles_is_closed() throws Exception {
        Socket slow = send(HOSTILE, HALF_A_HEAD);
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> !sent(slow, "x"));
    }

    @Test
    void a_head_that_begins_after_a_pause_has_its_own_deadline() throws Exception {
        Socket kept = connect(HONEST);
        for (int i = 0; i < 3; i++) {
            write(kept, "POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            byte[] answer = new byte[12];
            assertThat(kept.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(answer).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 200");
            Thread.sleep(2500);
            kept.getInputStream().skip(kept.getInputStream().available());
        }
    }

    @Test
    void a_body_that_trickles_is_closed() throws Exception {
        Socket slow = send(HOSTILE, HALF_A_BODY);
        await().atMost(TIMEOUT).until(() -> working.get() == 1);
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> !sent(slow, "x"));
        await().atMost(TIMEOUT).until(() -> working.get() == 0);
    }

    @Test
    void slow_bodies_of_one_address_leave_places_to_others() throws Exception {
        for (int i = 0; i < 2 * PLACES; i++) {
            sent(connect(HOSTILE), HALF_A_BODY);
        }
        assertThat(ask(HONEST)).startsWith("HTTP/1.1 200").contains("3 bytes read");
    }

    @Test
    void a_client_that_does_not_read_its_answer_is_closed() throws Exception {
        send(HOSTILE, "GET /any HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await().atMost(TIMEOUT).until(() -> working.get() == 1);
        await().atMost(TIMEOUT).until(() -> working.get() == 0);
    }

    @Test
    void a_client_that_reads_its_answer_byte_by_byte_is_closed() throws Exception {
        Socket slow = send(HOSTILE, "GET /any HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await().atMost(TIMEOUT).until(() -> working.get() == 1);
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> {
            slow.getInputStream().read();
            return working.get() == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length : 3",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3, 4",
                "Content-Length: +3",
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 3",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "X: a\rContent-Length: 3",
                "X: a\u0000b",
                "no colon",
                "Host: another"
            })
    void an_ambiguous_head_is_answered_at_most_once_and_the_connection_ends(String fields) throws Exception {
        String next = "POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
        try (Socket socket = send(HONEST, "POST /any HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n\r\n" + next)) {
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSizeLessThanOrEqualTo(2);
        } catch (SocketException closed) {
            // Without an answer.
        }
    }

    @Test
    @ResourceLock(MANY_SOCKETS)
    void closed_connections_give_their_places_back() throws Exception {
        for (int i = 0; i < 1200; i++) {
            assertThat(ask(HOSTILE)).startsWith("HTTP/1.1 200");
        }
    }
}
