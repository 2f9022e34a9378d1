package org.countersign.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.server.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A load balancer in front of two instances. */
class LoadBalancerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final NamedInstance one = new NamedInstance("one");
    private final NamedInstance two = new NamedInstance("two");
    private final int port = FreePorts.any();
    private final LoadBalancer balancer = LoadBalancer.start(port, List.of(one.instance(), two.instance()));

    /** A server that returns its name and a configurable readiness status. */
    private static final class NamedInstance {

        private final HttpServer server;
        private volatile int readiness = 200;

        private NamedInstance(String name) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            server.createContext("/actuator/health/readiness", exchange -> {
                exchange.sendResponseHeaders(readiness, -1);
                exchange.close();
            });
            server.createContext("/name", exchange -> {
                exchange.sendResponseHeaders(200, name.length());
                exchange.getResponseBody().write(name.getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            server.start();
        }

        private LoadBalancer.Instance instance() {
            int port = server.getAddress().getPort();
            return new LoadBalancer.Instance(Endpoint.loopback(port), Endpoint.loopback(port));
        }
    }

    /** Returns the names of the instances that serve the next ten requests. */
    private Set<String> servingInstances() {
        return IntStream.range(0, 10)
                .mapToObj(i -> {
                    try {
                        return HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/name"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body();
                    } catch (IOException | InterruptedException e) {
                        return e.toString();
                    }
                })
                .collect(Collectors.toSet());
    }

    @AfterEach
    void close() {
        balancer.close();
        one.server.stop(0);
        two.server.stop(0);
    }

    @Test
    void connections_go_to_ready_instances_and_fail_over_to_the_other() {
        await().atMost(TIMEOUT).until(() -> servingInstances().equals(Set.of("one", "two")));
        two.readiness = 503;
        await().atMost(TIMEOUT).until(() -> servingInstances().equals(Set.of("one")));
        two.readiness = 200;
        await().atMost(TIMEOUT).until(() -> servingInstances().equals(Set.of("one", "two")));
        one.server.stop(0);
        assertThat(servingInstances()).isEqualTo(Set.of("two"));
    }
}
