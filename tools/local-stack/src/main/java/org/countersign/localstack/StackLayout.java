package org.countersign.localstack;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The structure of a local stack.
 *
 * @param replicas the number of instances of each service behind the service's port
 * @param proxies the ports through which the services reach the servers and each other, if proxies are in between
 */
public record StackLayout(int replicas, Optional<ProxyPorts> proxies) {

    /** One instance of each service without proxies. */
    public static final StackLayout PLAIN = new StackLayout(1, Optional.empty());

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
