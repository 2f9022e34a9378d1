package org.countersign.counter.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.counter.live.Counts;
import org.countersign.counter.live.CountsCache;
import org.countersign.support.admission.ClientLimits;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.TrustedProxies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One thread with its sockets, by itself. */
class EventLoopTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PetitionSubscription topic = new PetitionSubscription(frame(0));
    private final AtomicInteger viewers = new AtomicInteger();
    private ServerSocketChannel listening;
    private EventLoop loop;

    /** Counts that are far too long, so that a few of them fill what the system keeps for a reader. */
    private static SseEvent frame(long index) {
        return new SseEvent(new CountsCache.CountsVersion(
                "any",
                0,
                (index + " " + "x".repeat(20_000)).getBytes(StandardCharsets.US_ASCII),
                new Counts("any", 0, 10, 10L, null, Instant.EPOCH, index)));
    }

    @BeforeEach
    void start() throws IOException {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ClientLimits.Settings limits = new ClientLimits.Settings(100, NetworkList.parse("any", List.of()));
        loop = new EventLoop(
                new HttpResponses(petition -> petition.equals("broken") ? null : topic, List.of()),
                petition -> {
                    throw new AssertionError("as a test wants it");
                },
                listening.getLocalAddress(),
                new PeerLimits(
                        limits,
                        new ClientLimits(limits, new SimpleMeterRegistry()),
                        new TrustedProxies(NetworkList.parse("any", List.of()))),
                viewers,
                10);
        Thread thread = new Thread(loop, "loop");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        loop.stop();
        listening.close();
    }

    private Socket look() throws IOException {
        Socket socket = connect("any");
        await().atMost(PATIENCE).until(() -> viewers.get() > 0);
        return socket;
    }

    private Socket connect(String petition) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(60_000);
        socket.connect(listening.getLocalAddress());
        SocketChannel accepted = listening.accept();
        accepted.configureBlocking(false);
        loop.take(accepted);
        socket.getOutputStream()
                .write(("GET /api/petitions/" + petition + "/counts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void post(long index) {
        topic.post(frame(index));
        loop.changed();
    }

    @Test
    void a_slow_reader_gets_whole_events_and_finally_the_newest() throws Exception {
        try (Socket slow = look();
                Socket quick = look()) {
            BufferedReader quickly =
                    new BufferedReader(new InputStreamReader(quick.getInputStream(), StandardCharsets.US_ASCII));
            long last = 12;
            for (long index = 1; index <= last; index++) {
                post(index);
                long awaited = index;
                while (next(quickly) < awaited) {
                    // Until the quick one has it.
                }
            }
            List<Long> seen = new ArrayList<>();
            BufferedReader slowly =
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII));
            do {
                seen.add(next(slowly));
            } while (seen.get(seen.size() - 1) < last);
            assertThat(seen).isSorted().hasSizeLessThan((int) last);
        }
    }

    /** The index of the next event, which must be whole. */
    private static long next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ")) {
            line = lines.readLine();
        }
        assertThat(line)
                .endsWith("x")
                .hasSize("data: ".length()
                        + line.substring(6, line.indexOf(' ', 6)).length()
                        + 1
                        + 20_000);
        return Long.parseLong(line.substring(6, line.indexOf(' ', 6)));
    }

    @Test
    void when_the_instance_stops_streams_end_and_nobody_new_is_taken() throws Exception {
        try (Socket viewer = look()) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(viewer.getInputStream(), StandardCharsets.US_ASCII));
            next(lines);
            loop.leave();
            while (lines.readLine() != null) {
                // Until it ends.
            }
            await().atMost(PATIENCE).until(() -> viewers.get() == 0);
        }
    }

    @Test
    void an_error_ends_its_connection_and_the_loop_goes_on() throws Exception {
        try (Socket broken = connect("broken")) {
            assertThat(broken.getInputStream().read()).isNegative();
        }
        try (Socket viewer = look()) {
            next(new BufferedReader(new InputStreamReader(viewer.getInputStream(), StandardCharsets.US_ASCII)));
        }
    }
}
