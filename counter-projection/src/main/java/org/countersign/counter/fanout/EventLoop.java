package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.counter.live.PetitionLookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** A thread that serves many sockets. */
final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int SCRATCH = 16 << 10;
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector;
    private final HttpResponses answers;
    private final SocketAddress server;
    private final PeerLimits peers;
    private final AtomicInteger viewers;
    private final int mostViewers;
    private final PetitionLookup lookup;
    private final Queue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<PetitionSubscription, SubscriberGroup> groups = new HashMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private long now = System.nanoTime();
    private long lastTick = now;
    private volatile boolean leaving;
    private volatile boolean running = true;

    /**
     * Creates the loop; {@link #run} serves it.
     *
     * @param answers builds the responses
     * @param lookup looks up petitions that are not counted yet
     * @param server the address of the web server
     * @param peers limits what the clients of one network can hold
     * @param viewers the number of viewers of all loops together
     * @param mostViewers the maximum number of viewers
     */
    EventLoop(
            HttpResponses answers,
            PetitionLookup lookup,
            SocketAddress server,
            PeerLimits peers,
            AtomicInteger viewers,
            int mostViewers)
            throws IOException {
        this.selector = Selector.open();
        this.answers = answers;
        this.lookup = lookup;
        this.server = server;
        this.peers = peers;
        this.viewers = viewers;
        this.mostViewers = mostViewers;
    }

    /** Takes over a socket. Thread-safe. */
    void take(SocketChannel channel) {
        accepted.add(channel);
        selector.wakeup();
    }

    /** Returns the number of sockets. Thread-safe. */
    int sockets() {
        return selector.keys().size();
    }

    /** Wakes the loop after counts have changed. Thread-safe. */
    void changed() {
        selector.wakeup();
    }

    /** Ends all streams, so that viewers reconnect to another instance. Passed-on requests continue. Thread-safe. */
    void leave() {
        leaving = true;
        selector.wakeup();
    }

    /** Ends the loop. Thread-safe. */
    void stop() {
        running = false;
        selector.wakeup();
    }

    @Override
    public void run() {
        long pause = TICK;
        while (running) {
            try {
                select(pause);
                now = System.nanoTime();
                pause = serve();
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("An event loop continues after a failure: {}", e.toString());
            }
        }
        selector.keys().forEach(this::closeQuietly);
        closeSelector();
    }

    private void select(long pause) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(pause);
        if (millis > 0) {
            selector.select(this::ready, millis);
        } else {
            selector.selectNow(this::ready);
        }
        for (SocketChannel channel = accepted.poll(); channel != null; channel = accepted.poll()) {
            register(channel);
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void register(SocketChannel channel) {
        try {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new HttpConnection(this, answers, key));
        } catch (IOException e) {
            peers.closed(channel);
            LOG.debug("A client closed its connection at once: {}", e.getMessage());
        }
    }

    private void ready(SelectionKey key) {
        attempt((SocketHandler) key.attachment(), SocketHandler::ready);
    }

    /** An action on a socket that may be broken. */
    @FunctionalInterface
    private interface SocketAction {
        void on(SocketHandler connection) throws IOException;
    }

    private void attempt(SocketHandler connection, SocketAction action) {
        try {
            action.on(connection);
        } catch (IOException | CancelledKeyException gone) {
            close(connection);
        } catch (RuntimeException | Error e) {
            LOG.error("Closing a connection after a failure", e);
            close(connection);
        }
    }

    /** Sends new events. Returns the time until the next call is needed, in nanoseconds. */
    private long serve() {
        if (leaving || now - lastTick > TICK) {
            lastTick = now;
            for (SelectionKey key : selector.keys()) {
                SocketHandler connection = (SocketHandler) key.attachment();
                attempt(
                        connection,
                        leaving && !(connection instanceof ProxyConnection.ProxySocket)
                                ? this::close
                                : one -> one.tick(now));
            }
            groups.values().removeIf(SubscriberGroup::isEmpty);
        }
        long pause = TICK;
        for (SubscriberGroup group : groups.values()) {
            pause = Math.min(pause, group.serve(now));
        }
        return pause;
    }

    long now() {
        return now;
    }

    /** Returns an empty buffer for reading. The next call reuses it. */
    ByteBuffer scratch() {
        return scratch.clear();
    }

    void offer(Subscriber viewer, SseEvent frame, ByteBuffer bytes) {
        attempt(viewer, one -> viewer.offer(frame, bytes));
    }

    /** Handles the result of a lookup. */
    @FunctionalInterface
    interface LookupHandler {
        void handle(PetitionLookup.Existence existence) throws IOException;
    }

    /** Looks a petition up and runs the handler on this thread afterwards, unless the connection was closed. */
    void lookUp(HttpConnection caller, String petition, LookupHandler handler) {
        lookup.find(petition).thenAccept(existence -> {
            tasks.add(() -> {
                if (caller.key().isValid()) {
                    attempt(caller, one -> handler.handle(existence));
                }
            });
            selector.wakeup();
        });
    }

    /** Turns a connection into a subscriber. */
    void open(HttpConnection caller, RequestHead request) throws IOException {
        PetitionSubscription topic = answers.topic(request.petition());
        if (topic == null) {
            caller.answerLast(answers.unknown(request));
        } else if (leaving || !reservePlace()) {
            caller.answerLast(answers.tooManyViewers(request));
        } else {
            Subscriber viewer = new Subscriber(
                    this, caller.key(), groups.computeIfAbsent(topic, one -> new SubscriberGroup(this, one)));
            caller.key().attach(viewer);
            viewer.group().join(viewer);
            SseEvent first = topic.newest();
            byte[] head = answers.streamHead(request);
            attempt(viewer, one -> viewer.begin(head, first, first.tag().equals(request.lastEventId())));
        }
    }

    private boolean reservePlace() {
        boolean free = viewers.incrementAndGet() <= mostViewers;
        if (!free) {
            viewers.decrementAndGet();
        }
        return free;
    }

    /**
     * Passes a connection on to the web server.
     *
     * @param head the lines of the head
     * @param rest the bytes after the head that the client has sent already
     */
    void passOn(HttpConnection caller, String[] head, byte[] rest) throws IOException {
        InetAddress client = ((SocketChannel) caller.key().channel()).socket().getInetAddress();
        if (!peers.passOn(client)) {
            caller.answerLast(answers.refused(
                    HttpStatus.SERVICE_UNAVAILABLE, "Too many requests of your network are in progress."));
            return;
        }
        try {
            ProxyConnection.open(this, selector, caller.key(), server, peers.forward(client, head, rest));
        } catch (IOException e) {
            peers.passedOn(client);
            throw e;
        }
    }

    /** Called once when a connection that was passed on ends. */
    void passedOn(InetAddress client) {
        peers.passedOn(client);
    }

    void close(SocketHandler connection) {
        if (connection.key().isValid()) {
            closeQuietly(connection.key());
            connection.closed();
            if (connection instanceof Subscriber) {
                viewers.decrementAndGet();
            }
        }
    }

    void closeQuietly(SelectionKey key) {
        key.cancel();
        peers.closed((SocketChannel) key.channel());
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("Cannot close a socket: {}", e.getMessage());
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Cannot close a selector: {}", e.getMessage());
        }
    }
}
