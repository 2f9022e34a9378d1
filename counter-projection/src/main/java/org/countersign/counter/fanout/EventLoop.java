package org.countersign.counter.fanout;

import java.io.IOException;
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

/** One thread with many sockets. */
final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int SCRATCH = 16 << 10;
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector;
    private final HttpResponses answers;
    private final SocketAddress server;
    private final AtomicInteger viewers;
    private final int mostViewers;
    private final PetitionLookup lookup;
    private final Queue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<PetitionSubscription, SubscriberGroup> audiences = new HashMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private long now = System.nanoTime();
    private long lastTick = now;
    private volatile boolean leaving;
    private volatile boolean running = true;

    /**
     * @param server where everything goes that is not answered here
     * @param viewers how many there are, of all loops together
     * @param mostViewers how many there may be
     */
    EventLoop(
            HttpResponses answers, PetitionLookup lookup, SocketAddress server, AtomicInteger viewers, int mostViewers)
            throws IOException {
        this.selector = Selector.open();
        this.answers = answers;
        this.lookup = lookup;
        this.server = server;
        this.viewers = viewers;
        this.mostViewers = mostViewers;
    }

    /** Takes over a socket. From any thread. */
    void take(SocketChannel channel) {
        accepted.add(channel);
        selector.wakeup();
    }

    /** How many sockets it has. From any thread. */
    int sockets() {
        return selector.keys().size();
    }

    /** Has the loop look for newer counts. From any thread. */
    void changed() {
        selector.wakeup();
    }

    /** Ends all streams, so that their viewers go elsewhere; what was passed on goes on. From any thread. */
    void leave() {
        leaving = true;
        selector.wakeup();
    }

    /** Ends the loop. From any thread. */
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
            } catch (IOException | RuntimeException e) {
                LOG.error("an event loop goes on after a failure: {}", e.toString());
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
            LOG.debug("a caller was gone at once: {}", e.getMessage());
        }
    }

    private void ready(SelectionKey key) {
        attempt((SocketHandler) key.attachment(), SocketHandler::ready);
    }

    /** Something done to a socket, which may turn out to be broken. */
    @FunctionalInterface
    private interface Action {
        void on(SocketHandler connection) throws IOException;
    }

    private void attempt(SocketHandler connection, Action action) {
        try {
            action.on(connection);
        } catch (IOException | CancelledKeyException gone) {
            close(connection);
        } catch (RuntimeException e) {
            LOG.error("a connection is given up after a failure", e);
            close(connection);
        }
    }

    /** Sends what is new and gives how long there is nothing to do, in nanoseconds. */
    private long serve() {
        if (leaving || now - lastTick > TICK) {
            lastTick = now;
            for (SelectionKey key : selector.keys()) {
                SocketHandler connection = (SocketHandler) key.attachment();
                attempt(
                        connection,
                        leaving && !(connection instanceof ProxyConnection.Side) ? this::close : one -> one.tick(now));
            }
            audiences.values().removeIf(SubscriberGroup::isEmpty);
        }
        long pause = TICK;
        for (SubscriberGroup audience : audiences.values()) {
            pause = Math.min(pause, audience.serve(now));
        }
        return pause;
    }

    long now() {
        return now;
    }

    /** Room for what is read just now; empty again for whoever asks next. */
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

    /** Makes a caller a viewer. */
    void open(HttpConnection caller, RequestHead request) throws IOException {
        PetitionSubscription topic = answers.topic(request.petition());
        if (topic == null) {
            caller.answerLast(answers.unknown(request));
        } else if (leaving || !takePlace()) {
            caller.answerLast(answers.crowded(request));
        } else {
            Subscriber viewer = new Subscriber(
                    this, caller.key(), audiences.computeIfAbsent(topic, one -> new SubscriberGroup(this, one)));
            caller.key().attach(viewer);
            viewer.audience().join(viewer);
            SseEvent first = topic.newest();
            byte[] head = answers.streamHead(request);
            attempt(viewer, one -> viewer.begin(head, first, first.tag().equals(request.lastEventId())));
        }
    }

    private boolean takePlace() {
        boolean free = viewers.incrementAndGet() <= mostViewers;
        if (!free) {
            viewers.decrementAndGet();
        }
        return free;
    }

    /** Leads a caller through to the web server. */
    void passOn(HttpConnection caller, byte[] begun) throws IOException {
        ProxyConnection.open(this, selector, caller.key(), server, begun);
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
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("a socket could not be closed: {}", e.getMessage());
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("a selector could not be closed: {}", e.getMessage());
        }
    }
}
