package org.countersign.counter.counting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.apache.kafka.common.TopicPartition;

/**
 * Assigns all partitions to one member of the group. Counting in log order needs all partitions in one place, because
 * the index of a milestone must be exact. Another instance stands by and gets all partitions when the first one fails.
 */
public class SingleConsumerAssignor extends AbstractPartitionAssignor {

    @Override
    public String name() {
        return "one-counter";
    }

    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, Integer> partitionsPerTopic,
            Map<String, ConsumerPartitionAssignor.Subscription> subscriptions) {
        Map<String, List<TopicPartition>> assignment = new HashMap<>();
        subscriptions.keySet().forEach(member -> assignment.put(member, new ArrayList<>()));
        List<TopicPartition> all = Objects.requireNonNull(assignment.get(Collections.min(subscriptions.keySet())));
        partitionsPerTopic.forEach((topic, partitions) ->
                IntStream.range(0, partitions).forEach(partition -> all.add(new TopicPartition(topic, partition))));
        return assignment;
    }
}
