package org.countersign.faulttest;

import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;
import org.jspecify.annotations.Nullable;

/** The lines between the parts of a stack. Each part is reached through a proxy, where connections can fail. */
final class StackNetwork implements Route, AutoCloseable {

    /** The state of a line. */
    enum LineMode {
        /** Relays all bytes without delay. */
        GOOD,
        /** Closes all connections, and new ones immediately. */
        CUT,
        /** Keeps connections open and relays nothing, as a network that loses every packet. */
        HANGING,
        /** Delays all bytes. */
        SLOW
    }

    /** Selects the lines that a fault affects. */
    @FunctionalInterface
    interface LineSelector {

        /**
         * Returns whether the fault affects a connection.
         *
         * @param client the part that has opened the connection, or {@link ConnectionOwners#OUTSIDE}
         * @param server the part that was connected to
         */
        boolean selects(String client, String server);
    }

    private interface ClientLookup {

        String of(Socket accepted, long acceptedAt) throws IOException;
    }

    private record Disturbance(LineSelector lines, LineMode mode) {}

    /** A connection through a proxy. Its client is found when a disturbance asks for it. */
    private static final class Line {

        private final Socket downstream;
        private final Socket upstream;
        private final String server;
        private final ClientLookup clients;
        private final long acceptedAt = System.nanoTime();
        private @Nullable String client;

        private Line(Socket downstream, Socket upstream, String server, ClientLookup clients) {
            this.downstream = downstream;
            this.upstream = upstream;
            this.server = server;
            this.clients = clients;
        }

        private synchronized String client() throws IOException {
            if (client == null) {
                client = clients.of(downstream, acceptedAt);
            }
            return client;
        }

        private void close() {
            TcpRelay.close(downstream);
            TcpRelay.close(upstream);
        }
    }

    private static final long DELAY_MILLIS = 40;
    private static final long POLL_INTERVAL_MILLIS = 10;

    private final Map<Endpoint, String> parts;
    private final ClientLookup clients;
    private final Map<Endpoint, TcpListener> proxies = new ConcurrentHashMap<>();
    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private final List<Disturbance> disturbances = new CopyOnWriteArrayList<>();

    private StackNetwork(Map<Endpoint, String> parts, ClientLookup clients) {
        this.parts = parts;
        this.clients = clients;
    }

    /** Returns the network of a stack with one PostgreSQL and one Kafka. It does not tell who opened a connection. */
    static StackNetwork single(Ports ports) {
        return new StackNetwork(singleParts(ports), (connection, acceptedAt) -> ConnectionOwners.OUTSIDE);
    }

    private static Map<Endpoint, String> singleParts(Ports ports) {
        Map<Endpoint, String> parts = services(ports);
        parts.put(Endpoint.loopback(ports.postgres()), "PostgreSQL");
        parts.put(Endpoint.loopback(ports.kafka()), "Kafka");
        return parts;
    }

    /**
     * Returns the network of a stack with replicated servers.
     *
     * @param owners finds the parts that have opened connections
     */
    static StackNetwork cluster(Ports ports, ConnectionOwners owners) {
        Map<Endpoint, String> parts = services(ports);
        StackLayout.clusterEndpoints(ports)
                .forEach((part, endpoints) -> endpoints.forEach(endpoint -> parts.put(endpoint, part)));
        return new StackNetwork(parts, owners::of);
    }

    /** The ports that the clients of a service know. In a cluster, a load balancer is behind each. */
    private static Map<Endpoint, String> services(Ports ports) {
        Map<Endpoint, String> parts = new HashMap<>();
        for (String service : LocalStack.SERVICES) {
            parts.put(Endpoint.loopback(ports.service(service)), service);
            parts.put(Endpoint.loopback(ports.management(service)), service);
        }
        return parts;
    }

    @Override
    public Endpoint to(Endpoint endpoint) {
        return Optional.ofNullable(parts.get(endpoint))
                .map(part -> proxies.computeIfAbsent(endpoint, target -> proxy(target, part)))
                .map(proxy -> Endpoint.loopback(proxy.port()))
                .orElse(endpoint);
    }

    private TcpListener proxy(Endpoint target, String part) {
        return TcpListener.open(
                0, client -> TcpRelay.startDaemon("proxy-connection", () -> connect(client, target, part)));
    }

    /** Disturbs lines until {@link #repair}. {@link LineMode#CUT} also closes open connections. */
    void disturb(LineSelector lines, LineMode mode) {
        disturbances.add(new Disturbance(lines, mode));
        closeCut();
    }

    /** Disturbs all lines to a part. */
    void disturb(String server, LineMode mode) {
        disturb((client, connected) -> connected.equals(server), mode);
    }

    /** Disturbs all lines between some parts and the others. */
    void isolate(Set<String> isolated, LineMode mode) {
        disturb((client, server) -> isolated.contains(client) != isolated.contains(server), mode);
    }

    /** Ends all disturbances. */
    void repair() {
        disturbances.clear();
    }

    private void closeCut() {
        open.stream().filter(line -> mode(line) == LineMode.CUT).forEach(line -> {
            line.close();
            open.remove(line);
        });
    }

    private LineMode mode(Line line) {
        try {
            for (Disturbance disturbance : disturbances) {
                if (disturbance.lines().selects(line.client(), line.server)) {
                    return disturbance.mode();
                }
            }
            return LineMode.GOOD;
        } catch (IOException closed) {
            return LineMode.CUT;
        }
    }

    private void connect(Socket downstream, Endpoint target, String server) {
        Socket upstream = new Socket();
        Line line = new Line(downstream, upstream, server, clients);
        try {
            if (mode(line) == LineMode.CUT) {
                throw new IOException("the line is cut");
            }
            upstream.connect(target.address());
            downstream.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            open.removeIf(other -> other.downstream.isClosed());
            open.add(line);
            TcpRelay.start(downstream, upstream, () -> delay(line));
        } catch (IOException e) {
            line.close();
        }
        // The line may have been cut while it was opened.
        closeCut();
    }

    private void delay(Line line) throws InterruptedException {
        if (mode(line) == LineMode.SLOW) {
            Thread.sleep(DELAY_MILLIS);
        }
        while (mode(line) == LineMode.HANGING) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    @Override
    public void close() {
        repair();
        proxies.values().forEach(TcpListener::close);
        open.forEach(Line::close);
    }
}
