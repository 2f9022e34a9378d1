package org.countersign.signature.durability;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What Kafka does with a record of a topic.
 *
 * @param replicas the replication factor
 * @param inSync the lowest number of in-sync replicas of a partition
 * @param minInSync the effective {@code min.insync.replicas}
 * @param uncleanElection whether a replica that lacks records may become leader
 */
record TopicDurability(String topic, int replicas, int inSync, int minInSync, boolean uncleanElection) {

    /** The number of machines that must have a record, so that it survives the loss of one. */
    private static final int MACHINES = 2;

    /** Returns at most one finding of each kind for all topics. */
    static List<DurabilityFinding> findings(List<TopicDurability> topics) {
        List<DurabilityFinding> findings = new ArrayList<>();
        find(
                findings,
                topics,
                topic -> topic.replicas < MACHINES,
                FindingCode.KAFKA_REPLICATION,
                "The replication factor is 1 for %s.",
                "Raise it to 3 with kafka-reassign-partitions.sh. Set default.replication.factor=3 on the brokers.");
        find(
                findings,
                topics,
                topic -> topic.minInSync < MACHINES,
                FindingCode.KAFKA_MIN_INSYNC,
                "min.insync.replicas is 1 for %s, so one machine may be the only one with a record.",
                "Set min.insync.replicas=2 on the topics and on the brokers.");
        find(
                findings,
                topics,
                TopicDurability::uncleanElection,
                FindingCode.KAFKA_UNCLEAN_ELECTION,
                "unclean.leader.election.enable is true for %s, so records may be lost.",
                "Set unclean.leader.election.enable=false on the topics and on the brokers.");
        find(
                findings,
                topics,
                topic -> topic.inSync < topic.minInSync,
                FindingCode.KAFKA_OUT_OF_SYNC,
                "Too few replicas are in sync for %s, so publication waits.",
                "Start the missing brokers.");
        return findings;
    }

    private static void find(
            List<DurabilityFinding> findings,
            List<TopicDurability> topics,
            Predicate<TopicDurability> condition,
            FindingCode code,
            String problem,
            String fix) {
        String found =
                topics.stream().filter(condition).map(TopicDurability::topic).collect(Collectors.joining(", "));
        if (!found.isEmpty()) {
            findings.add(new DurabilityFinding(code, problem.formatted(found), fix));
        }
    }
}
