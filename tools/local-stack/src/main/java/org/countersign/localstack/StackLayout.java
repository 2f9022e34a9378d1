package org.countersign.localstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The structure of a local stack.
 *
 * @param replicas the number of instances of a service behind the service's port, by the name of the service; 1 if it
 *     is missing
 * @param training whether the services write AOT caches when they stop
 * @param proxies the ports through which the services reach the servers and each other, if proxies are in between
 */
public record StackLayout(Map<String, Integer> replicas, boolean training, Optional<ProxyPorts> proxies) {

    /** One instance of each service without proxies. */
    public static final StackLayout PLAIN = new StackLayout(Map.of(), false, Optional.empty());

    /** A stack whose services write AOT caches with what they have learned. */
    public static final StackLayout TRAINING = new StackLayout(Map.of(), true, Optional.empty());

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

    /**
     * Ports on 127.0.0.1 that lead to PostgreSQL, Kafka, the mailbox's SMTP and both ports of the signature service.
     */
    public record ProxyPorts(int postgres, int kafka, int smtp, int signatureService, int signatureServiceManagement) {}
}
