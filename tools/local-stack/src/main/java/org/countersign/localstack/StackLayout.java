package org.countersign.localstack;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.PostgresCluster;

/**
 * The structure of a local stack.
 *
 * @param replicas the number of instances of a service behind the service's port, by the name of the service; 1 if it
 *     is missing
 * @param training whether the services write AOT caches when they stop
 * @param route the endpoints through which the services reach the servers and each other
 * @param cluster present if PostgreSQL and Kafka are replicated: what a commit does while the standby is away
 * @param launcher knows how to start the services; empty for the jars of the last build
 */
public record StackLayout(
        Map<String, Integer> replicas,
        boolean training,
        Route route,
        Optional<PostgresCluster.CommitPolicy> cluster,
        Optional<ServiceLauncher> launcher) {

    /** The number of instances of each service in a cluster. */
    public static final int CLUSTER_REPLICAS = 2;

    /** One instance of each service without proxies. */
    public static final StackLayout PLAIN = of(Map.of(), Route.DIRECT);

    /** A stack whose services write AOT caches with what they have learned. */
    public static final StackLayout TRAINING =
            new StackLayout(Map.of(), true, Route.DIRECT, Optional.empty(), Optional.empty());

    /** Returns a stack with one PostgreSQL server and one Kafka broker. */
    public static StackLayout of(Map<String, Integer> replicas, Route route) {
        return new StackLayout(replicas, false, route, Optional.empty(), Optional.empty());
    }

    /** Returns a stack with replicated servers and two instances of each service. */
    public static StackLayout cluster(PostgresCluster.CommitPolicy policy, Route route) {
        return new StackLayout(replicasOfAll(CLUSTER_REPLICAS), false, route, Optional.of(policy), Optional.empty());
    }

    /** Returns the same stack with services that are started in another way. */
    public StackLayout with(ServiceLauncher services) {
        return new StackLayout(replicas, training, route, cluster, Optional.of(services));
    }

    /** Returns the endpoints at which each part of a cluster listens. */
    public static Map<String, List<Endpoint>> clusterEndpoints(Ports ports) {
        Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>(ClusterServers.endpoints(ports));
        for (String service : LocalStack.SERVICES) {
            for (int number = 1; number <= CLUSTER_REPLICAS; number++) {
                endpoints.put(
                        service + "-" + number,
                        List.of(
                                onMachine(number, ports.service(service)),
                                onMachine(number, ports.management(service))));
            }
        }
        return endpoints;
    }

    /** Returns a port at the address of a machine of a cluster. Machines are addresses of the loopback network. */
    static Endpoint onMachine(int number, int port) {
        return new Endpoint("127.0.1." + number, port);
    }

    /**
     * Verifies that the ports of all parts are free.
     *
     * @throws UserException if a port is in use
     */
    public void requireFreePorts(Ports ports) {
        ports.requireFree();
        if (cluster.isPresent()) {
            clusterEndpoints(ports).values().stream()
                    .flatMap(List::stream)
                    .filter(endpoint -> !endpoint.isFree())
                    .findFirst()
                    .ifPresent(endpoint -> {
                        throw new UserException("Port " + endpoint.port() + " at " + endpoint.host()
                                + " is in use. Stop the program on it, or use other ports with --port-offset 100.");
                    });
        }
    }

    /** Returns the same number of instances for all services. */
    public static Map<String, Integer> replicasOfAll(int replicas) {
        return LocalStack.SERVICES.stream().collect(Collectors.toMap(service -> service, service -> replicas));
    }

    /** Returns how long the services may take to stop. Writing an AOT cache takes a minute of processor time. */
    Duration stopTimeout() {
        return training ? Duration.ofMinutes(5) : Duration.ofSeconds(40);
    }

    /** Returns the names of a service's instances: the service's name, with a number if there are several. */
    List<String> instances(String service) {
        int count = replicas.getOrDefault(service, 1);
        return count == 1
                ? List.of(service)
                : IntStream.rangeClosed(1, count)
                        .mapToObj(number -> service + "-" + number)
                        .toList();
    }
}
