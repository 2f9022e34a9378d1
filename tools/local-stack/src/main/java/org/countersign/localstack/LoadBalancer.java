package org.countersign.localstack;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;

/**
 * Distributes the connections to one port among several instances of a service.
 *
 * <p>Each connection goes to the next instance that is ready. If no instance is ready, it goes to the next one that
 * accepts connections. This class is for tests. In production, operators use their own load balancer.
 */
final class LoadBalancer implements AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final TcpListener listener;
    private final List<Instance> instances;
    private final Map<Instance, Boolean> ready = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private int next;

    /**
     * An instance of a service.
     *
     * @param connections where it takes the connections
     * @param management where it tells whether it is ready
     */
    record Instance(Endpoint connections, Endpoint management) {

        /** Returns the endpoints through which others reach the instance. */
        Instance through(Route route) {
            return new Instance(route.to(connections), route.to(management));
        }
    }

    private LoadBalancer(int port, List<Instance> instances) {
        this.instances = instances;
        this.listener =
                TcpListener.open(port, caller -> TcpRelay.startDaemon("balancer-connection", () -> connect(caller)));
    }

    /**
     * Starts a load balancer.
     *
     * @param port the TCP port on loopback that accepts connections
     * @param instances the instances that share the connections
     */
    static LoadBalancer start(int port, List<Instance> instances) {
        LoadBalancer balancer = new LoadBalancer(port, instances);
        TcpRelay.startDaemon("balancer-poll-" + port, balancer::poll);
        return balancer;
    }

    private void connect(Socket caller) {
        for (Instance instance : candidates()) {
            try {
                Socket upstream = new Socket();
                upstream.connect(instance.connections().address(), (int) TIMEOUT.toMillis());
                TcpRelay.start(caller, upstream, () -> {});
                return;
            } catch (IOException refused) {
                ready.put(instance, false);
            }
        }
        TcpRelay.close(caller);
    }

    /** Returns all instances in the order of attempts: ready ones first, and each group in rotation. */
    private synchronized List<Instance> candidates() {
        next = (next + 1) % instances.size();
        List<Instance> order = new ArrayList<>(instances.subList(next, instances.size()));
        order.addAll(instances.subList(0, next));
        order.sort(Comparator.comparing(instance -> !ready.getOrDefault(instance, false)));
        return order;
    }

    private void poll() {
        try {
            while (!listener.isClosed()) {
                for (Instance instance : instances) {
                    ready.put(instance, isReady(instance));
                }
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReady(Instance instance) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(instance.management().url() + "/actuator/health/readiness"))
                .timeout(TIMEOUT)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
