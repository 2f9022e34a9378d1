package org.countersign.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;

/**
 * One port for several instances of a service: each connection goes to the next instance that is ready, or, while none
 * says that it is, to the next that takes connections at all. For trials; in front of a real site stands the operator's
 * own.
 */
final class LoadBalancer implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final TcpListener doorway;
    private final List<Integer> instances;
    private final Map<Integer, Boolean> ready = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private int next;

    private LoadBalancer(int port, List<Integer> instances) {
        this.instances = instances;
        this.doorway = TcpListener.open(port, caller -> TcpRelay.daemon("balancer-connects", () -> connect(caller)));
    }

    /**
     * Starts it.
     *
     * @param port the TCP port on loopback that it takes connections at
     * @param instances the TCP ports on loopback of the instances
     */
    static LoadBalancer start(int port, List<Integer> instances) {
        LoadBalancer balancer = new LoadBalancer(port, instances);
        TcpRelay.daemon("balancer-looks-" + port, balancer::look);
        return balancer;
    }

    private void connect(Socket caller) {
        for (int instance : inTurn()) {
            try {
                Socket there = new Socket();
                there.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), instance), (int) PATIENCE.toMillis());
                TcpRelay.carry(caller, there, () -> {});
                return;
            } catch (IOException refused) {
                ready.put(instance, false);
            }
        }
        TcpRelay.close(caller);
    }

    /** Those that are ready first, the one whose turn it is at the front. */
    private synchronized List<Integer> inTurn() {
        next = (next + 1) % instances.size();
        List<Integer> order = new ArrayList<>(instances.subList(next, instances.size()));
        order.addAll(instances.subList(0, next));
        order.sort((one, other) -> Boolean.compare(ready.getOrDefault(other, false), ready.getOrDefault(one, false)));
        return order;
    }

    private void look() {
        try {
            while (!doorway.isClosed()) {
                for (int instance : instances) {
                    ready.put(instance, isReady(instance));
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReady(int instance) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + instance + "/actuator/health/readiness"))
                .timeout(PATIENCE)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        doorway.close();
    }
}
