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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.counter.live.CountsCache;
import org.countersign.counter.live.PetitionLookup;
import org.countersign.support.admission.ClientLimits;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.TrustedProxies;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Listens on the port of the service. A few threads serve counts and live streams. All other requests pass through to
 * the web server, which accepts loopback connections only.
 */
@Component
public class FanOut implements SmartLifecycle, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);
    private static final int ACCEPT_BACKLOG = 4096;
    private static final long ACCEPT_RETRY_MILLIS = 100;
    /** File descriptors reserved for other clients (two each), Kafka, PostgreSQL and libraries. */
    private static final int RESERVED_FILES = 1500;

    private static final int MAX_OTHER_CONNECTIONS = 500;

    private final CountsCache cache;
    private final PetitionLookup lookup;
    private final ServerProperties properties;
    private final WebServerApplicationContext webServer;
    private final List<String> origins;
    private final int mostViewers;
    private final Map<String, PetitionSubscription> topics = new ConcurrentHashMap<>();
    private final PeerLimits peers;
    private final AtomicInteger viewers = new AtomicInteger();
    private final Counter refused;
    private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocketChannel listening;
    private volatile boolean running;

    FanOut(
            CountsCache cache,
            PetitionLookup lookup,
            ServerProperties properties,
            WebServerApplicationContext webServer,
            MeterRegistry meters,
            ClientLimits.Settings limits,
            @Value("${countersign.trusted-proxies:}") List<String> proxies,
            @Value("${countersign.cors.origins}") List<String> origins,
            @Value("${countersign.live.viewers}") int mostViewers) {
        this.cache = cache;
        this.lookup = lookup;
        this.properties = properties;
        this.webServer = webServer;
        this.origins = origins;
        this.mostViewers = limited(mostViewers);
        // One network must leave connections to others, also where the process may open few files.
        ClientLimits.Settings peerLimits = new ClientLimits.Settings(
                Math.min(limits.connections(), (this.mostViewers + MAX_OTHER_CONNECTIONS) / 2), limits.exempt());
        this.peers = new PeerLimits(
                peerLimits,
                new ClientLimits(peerLimits, meters),
                new TrustedProxies(NetworkList.parse("COUNTERSIGN_TRUSTED_PROXIES", proxies)));
        Gauge.builder("countersign.live.viewers", viewers, AtomicInteger::get)
                .description("open live streams")
                .register(meters);
        this.refused = Counter.builder("countersign.live.refused")
                .description("refused connections")
                .register(meters);
        cache.onChange(this::changed);
    }

    /** Limits the viewers, because Kafka and PostgreSQL need file descriptors for new connections. */
    private static int limited(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long possible = Math.max(1, system.getMaxFileDescriptorCount() - RESERVED_FILES);
            if (possible < wanted) {
                LOG.warn(
                        "The limit is {} viewers and not {}: the process may open no more files (ulimit -n)",
                        possible,
                        wanted);
                return (int) possible;
            }
        }
        return wanted;
    }

    private void changed(CountsCache.CountsVersion posted) {
        SseEvent frame = new SseEvent(posted);
        PetitionSubscription topic = topics.putIfAbsent(posted.petition(), new PetitionSubscription(frame));
        if (topic != null) {
            topic.post(frame);
            loops.forEach(EventLoop::changed);
        }
    }

    private @Nullable PetitionSubscription topic(String petition) {
        return cache.of(petition).isPresent() ? topics.get(petition) : null;
    }

    private ServerSocketChannel listening() {
        return Objects.requireNonNull(listening, "not started");
    }

    /** Returns the port. */
    public int port() {
        return listening().socket().getLocalPort();
    }

    @Override
    public void start() {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        HttpResponses answers = new HttpResponses(this::topic, origins);
        InetSocketAddress server = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Objects.requireNonNull(webServer.getWebServer()).getPort());
        try {
            ServerSocketChannel opened = ServerSocketChannel.open().setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening = opened;
            opened.bind(
                    new InetSocketAddress(
                            properties.getAddress(),
                            Optional.ofNullable(properties.getPort()).orElse(0)),
                    ACCEPT_BACKLOG);
            for (int i = 0; i < threads; i++) {
                loops.add(new EventLoop(answers, lookup, server, peers, viewers, mostViewers));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on port " + properties.getPort(), e);
        }
        running = true;
        loops.forEach(loop -> begin(loop, "fan-out"));
        begin(this::accept, "fan-out-accept");
        LOG.info("Listening on port {}", port());
    }

    private static void begin(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        for (int next = 0; running; next = (next + 1) % loops.size()) {
            try {
                SocketChannel channel = listening().accept();
                if (loops.stream().mapToInt(EventLoop::sockets).sum() > mostViewers + MAX_OTHER_CONNECTIONS
                        || !peers.admit(channel)) {
                    refused.increment();
                    channel.close();
                    continue;
                }
                serve(channel, loops.get(next));
            } catch (ClosedChannelException stopped) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                refused.increment();
                LOG.warn("Cannot accept a connection: {}", e.toString());
                pause();
            }
        }
    }

    private void serve(SocketChannel channel, EventLoop loop) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            loop.take(channel);
        } catch (IOException e) {
            peers.closed(channel);
            channel.close();
            throw e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops accepting connections and ends all streams. Browsers reconnect, to another instance. Running requests
     * finish.
     */
    @Override
    public void stop() {
        running = false;
        try {
            listening().close();
        } catch (IOException e) {
            LOG.debug("Cannot close the listening socket: {}", e.getMessage());
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
