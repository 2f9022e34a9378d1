package org.countersign.localstack.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.localstack.server.FreePorts;
import picocli.CommandLine.Option;

/** The ports of the local stack on 127.0.0.1. */
public class Ports {

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Number added to every port, so that several stacks can run on one machine.")
    private int offset;

    /** Returns the default ports plus an offset. */
    public static Ports withOffset(int offset) {
        Ports ports = new Ports();
        ports.offset = offset;
        return ports;
    }

    public int offset() {
        return offset;
    }

    public int signatureService() {
        return 8080 + offset;
    }

    public int counterProjection() {
        return 8081 + offset;
    }

    public int notifier() {
        return 8082 + offset;
    }

    public int signatureServiceManagement() {
        return 9080 + offset;
    }

    public int counterProjectionManagement() {
        return 9081 + offset;
    }

    public int notifierManagement() {
        return 9082 + offset;
    }

    public int mailbox() {
        return 8025 + offset;
    }

    public int smtp() {
        return 1025 + offset;
    }

    public int postgres() {
        return 15432 + offset;
    }

    public int kafka() {
        return 19092 + offset;
    }

    public int kafkaController() {
        return 19093 + offset;
    }

    /** Returns the port of a service. */
    public int service(String name) {
        return switch (name) {
            case "signature-service" -> signatureService();
            case "counter-projection" -> counterProjection();
            default -> notifier();
        };
    }

    /** Returns the management port of a service. */
    public int management(String service) {
        return switch (service) {
            case "signature-service" -> signatureServiceManagement();
            case "counter-projection" -> counterProjectionManagement();
            default -> notifierManagement();
        };
    }

    /** Returns all ports by the part that listens on them. */
    public Map<String, Integer> all() {
        Map<String, Integer> all = new LinkedHashMap<>();
        all.put("PostgreSQL", postgres());
        all.put("Kafka", kafka());
        all.put("Kafka's controller", kafkaController());
        all.put("the mailbox's SMTP", smtp());
        all.put("the mailbox", mailbox());
        all.put("the signature service", signatureService());
        all.put("the counter projection", counterProjection());
        all.put("the notifier", notifier());
        all.put("the signature service's management", signatureServiceManagement());
        all.put("the counter projection's management", counterProjectionManagement());
        all.put("the notifier's management", notifierManagement());
        return all;
    }

    /**
     * Verifies that all ports are free.
     *
     * @throws UserException if a port is in use
     */
    public void requireFree() {
        all().forEach((part, port) -> {
            if (!FreePorts.isFree(port)) {
                throw new UserException("Port " + port + ", for " + part
                        + ", is in use. Stop the program on it, or use other ports with --port-offset 100.");
            }
        });
    }

    /** Returns the URL of a port for a browser. */
    public static String url(int port) {
        return "http://localhost:" + port;
    }
}
