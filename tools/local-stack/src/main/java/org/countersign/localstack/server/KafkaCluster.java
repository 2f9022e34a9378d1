package org.countersign.localstack.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;

/**
 * The members of a Kafka cluster. Each is a broker and a controller. A record is committed when two of three brokers
 * have it, so that no single one is needed.
 *
 * @param id the id of the cluster, which the data of each member contains
 * @param route the endpoints through which clients and members reach a member
 */
public record KafkaCluster(Uuid id, List<Member> members, Route route) {

    private static final int REPLICAS = 3;
    private static final int MIN_IN_SYNC = 2;

    /**
     * A member.
     *
     * @param clients where it listens for clients and for the other brokers
     * @param controller where it listens for the other controllers
     */
    public record Member(int id, Endpoint clients, Endpoint controller) {}

    /**
     * Starts the process of a member. Its {@link KafkaBroker#awaitReady} needs most of the members.
     *
     * @param java the Java launcher to run it with
     * @param data the directory for its data, which may already exist
     * @param log the file for its output
     */
    public KafkaBroker launch(Path java, Path data, Path log, Member member) {
        return KafkaBroker.launch(
                java, data, log, member.clients(), id, settings(data.resolve("records"), member), Map.of());
    }

    /** Returns the bootstrap servers for clients, which list all members. */
    public String bootstrapServers() {
        return members.stream()
                .map(member -> route.to(member.clients()).toString())
                .collect(Collectors.joining(","));
    }

    /** Returns the server.properties of a member. */
    private String settings(Path records, Member member) {
        String voters = members.stream()
                .map(one -> one.id() + "@" + route.to(one.controller()))
                .collect(Collectors.joining(","));
        return """
                process.roles=broker,controller
                node.id=%1$d
                controller.quorum.voters=%2$s
                listeners=PLAINTEXT://%3$s,CONTROLLER://%4$s
                advertised.listeners=PLAINTEXT://%5$s
                log.dirs=%6$s
                """.formatted(
                        member.id(), voters, member.clients(), member.controller(), route.to(member.clients()), records)
                + KafkaBroker.commonSettings(REPLICAS, MIN_IN_SYNC);
    }
}
