package org.countersign.localstack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The structure of a local stack.
 *
 * @param replicas the number of instances of each service behind the service's port
 * @param training whether the services write AOT caches when they stop
 * @param proxies the ports through which the services reach the servers and each other, if proxies are in between
 */
public record StackLayout(int replicas, boolean training, Optional<ProxyPorts> proxies) {

    /** One instance of each service without proxies. */
    public static final StackLayout PLAIN = new StackLayout(1, false, Optional.empty());

    /** A stack whose services write AOT caches with what they have learned. */
    public static final StackLayout TRAINING = new StackLayout(1, true, Optional.empty());

    /** Returns how long the services may take to stop. Writing an AOT cache takes a minute of processor time. */
    Duration stopTimeout() {
        return training ? Duration.ofMinutes(5) : Duration.ofSeconds(40);
    }

    /** Returns the names of a service's instances: the service's name, with a number if there are several. */
    List<String> instances(String service) {
        return replicas == 1
                ? List.of(service)
                : IntStream.rangeClosed(1, replicas)
                        .mapToObj(number -> service + "-" + number)
                        .toList();
    }

    /**
     * Ports on 127.0.0.1 that lead to PostgreSQL, Kafka, the mailbox's SMTP and both ports of the signature service.
     */
    public record ProxyPorts(int postgres, int kafka, int smtp, int signatureService, int signatureServiceManagement) {}
}
