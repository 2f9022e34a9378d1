package org.countersign.support.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.NetworkQuota;

/**
 * Limits what the clients of one network can hold: connections, and requests whose body or answer is slow. Such a
 * request occupies a place of {@link Admission}. Thread-safe.
 */
public final class ClientLimits {

    /** The maximum number of slow requests of one network. */
    private static final int MAX_SLOW_PER_NETWORK = 32;
    /** The maximum number of slow requests of all networks. Admission has 200 places by default. */
    private static final int MAX_SLOW = 150;

    private final NetworkQuota connections;
    private final NetworkQuota slowPerNetwork;
    private final Semaphore slow = new Semaphore(MAX_SLOW);
    private final Counter refused;
    private final Map<SocketChannel, InetAddress> open = new ConcurrentHashMap<>();

    /**
     * The settings of the public port.
     *
     * @param connections the maximum number of connections of one network
     * @param exempt networks without a limit, such as reverse proxies
     */
    public record Settings(int connections, NetworkList exempt) {

        /** @throws IllegalArgumentException if no connection is allowed */
        public Settings {
            if (connections < 1) {
                throw new IllegalArgumentException("COUNTERSIGN_CONNECTIONS_PER_NETWORK must be 1 or more");
            }
        }
    }

    /**
     * Creates the limits.
     *
     * @param meters receives the metrics
     */
    public ClientLimits(Settings settings, MeterRegistry meters) {
        connections = new NetworkQuota(settings.connections(), settings.exempt());
        slowPerNetwork = new NetworkQuota(MAX_SLOW_PER_NETWORK, settings.exempt());
        refused = Counter.builder("countersign.connections.refused")
                .description("connections of networks that have too many")
                .register(meters);
    }

    /** Counts a new connection. Returns false if its network has too many. */
    public boolean admit(SocketChannel connection) throws IOException {
        if (!(connection.getRemoteAddress() instanceof InetSocketAddress client)) {
            return true;
        }
        if (!connections.take(client.getAddress())) {
            refused.increment();
            return false;
        }
        open.put(connection, client.getAddress());
        return true;
    }

    /** Forgets a connection that was closed. */
    public void release(SocketChannel connection) {
        InetAddress client = open.remove(connection);
        if (client != null) {
            connections.release(client);
        }
    }

    /** Takes a place for a request that waits for its client. Returns false if there is none. */
    boolean beginSlow(InetAddress client) {
        if (!slow.tryAcquire()) {
            return false;
        }
        boolean free = slowPerNetwork.take(client);
        if (!free) {
            slow.release();
        }
        return free;
    }

    /** Returns a place that {@link #beginSlow} took. */
    void endSlow(InetAddress client) {
        slowPerNetwork.release(client);
        slow.release();
    }
}
