package org.countersign.counter.fanout;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.counter.live.CountsCache;
import org.countersign.counter.live.PetitionLookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Listens where the service listens. Streams and counts are answered by a few threads for all; whatever else is asked
 * goes through to the web server, which listens to nobody but this.
 */
@Component
public class FanOut implements SmartLifecycle, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);
    private static final int WAITING_TO_BE_ACCEPTED = 4096;
    private static final long PAUSE_WITHOUT_SOCKETS_MILLIS = 100;
    /**
     * File descriptors for all but viewers: other callers, twice where they are led through, Kafka, PostgreSQL,
     * libraries.
     */
    private static final int KEPT_BACK = 1500;

    private static final int OTHER_CALLERS = 500;

    private final CountsCache board;
    private final PetitionLookup lookup;
    private final ServerProperties properties;
    private final WebServerApplicationContext webServer;
    private final List<String> origins;
    private final int mostViewers;
    private final Map<String, PetitionSubscription> topics = new ConcurrentHashMap<>();
    private final AtomicInteger viewers = new AtomicInteger();
    private final Counter refused;
    private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
    private ServerSocketChannel listening;
    private volatile boolean running;

    FanOut(
            CountsCache board,
            PetitionLookup lookup,
            ServerProperties properties,
            WebServerApplicationContext webServer,
            MeterRegistry meters,
            @Value("${countersign.cors.origins}") List<String> origins,
            @Value("${countersign.live.viewers}") int mostViewers) {
        this.board = board;
        this.lookup = lookup;
        this.properties = properties;
        this.webServer = webServer;
        this.origins = origins;
        this.mostViewers = affordable(mostViewers);
        Gauge.builder("countersign.live.viewers", viewers, AtomicInteger::get)
                .description("open live streams")
                .register(meters);
        this.refused = Counter.builder("countersign.live.refused")
                .description("connections that there was no socket for")
                .register(meters);
        board.onChange(this::changed);
    }

    /**
     * Without a file descriptor neither Kafka nor PostgreSQL could be reached any more, so viewers don't get the last
     * ones.
     */
    private static int affordable(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long possible = Math.max(1, system.getMaxFileDescriptorCount() - KEPT_BACK);
            if (possible < wanted) {
                LOG.warn(
                        "{} may look at once and not {}: the process may have no more file descriptors (ulimit -n)",
                        possible,
                        wanted);
                return (int) possible;
            }
        }
        return wanted;
    }

    private void changed(CountsCache.Posted posted) {
        SseEvent frame = new SseEvent(posted);
        PetitionSubscription topic = topics.putIfAbsent(posted.petition(), new PetitionSubscription(frame));
        if (topic != null) {
            topic.post(frame);
            loops.forEach(EventLoop::changed);
        }
    }

    private PetitionSubscription topic(String petition) {
        return board.of(petition).isPresent() ? topics.get(petition) : null;
    }

    /** The port it listens on. */
    public int port() {
        return listening.socket().getLocalPort();
    }

    @Override
    public void start() {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        HttpResponses answers = new HttpResponses(this::topic, origins);
        InetSocketAddress server = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), webServer.getWebServer().getPort());
        try {
            listening = ServerSocketChannel.open().setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening.bind(
                    new InetSocketAddress(
                            properties.getAddress(),
                            Optional.ofNullable(properties.getPort()).orElse(0)),
                    WAITING_TO_BE_ACCEPTED);
            for (int i = 0; i < threads; i++) {
                loops.add(new EventLoop(answers, lookup, server, viewers, mostViewers));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on port " + properties.getPort(), e);
        }
        running = true;
        loops.forEach(loop -> begin(loop, "fan-out"));
        begin(this::accept, "fan-out-accept");
        LOG.info("listening on port {}", port());
    }

    private static void begin(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        for (int next = 0; running; next = (next + 1) % loops.size()) {
            try {
                SocketChannel channel = listening.accept();
                if (loops.stream().mapToInt(EventLoop::sockets).sum() > mostViewers + OTHER_CALLERS) {
                    refused.increment();
                    channel.close();
                    continue;
                }
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                loops.get(next).take(channel);
            } catch (ClosedChannelException stopped) {
                return;
            } catch (IOException e) {
                refused.increment();
                LOG.warn("a connection can't be accepted: {}", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_WITHOUT_SOCKETS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes no more callers and ends all streams: browsers come back by themselves, to another instance. What is being
     * answered goes on.
     */
    @Override
    public void stop() {
        running = false;
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("the listening socket could not be closed: {}", e.getMessage());
        }
        loops.forEach(EventLoop::leave);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void close() {
        loops.forEach(EventLoop::stop);
    }
}
