package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.Topics;
import org.countersign.events.UpdatesStopped;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import tools.jackson.databind.JsonNode;

/** Records that come again, and a database that was restored or lost. */
class NotifierRestoreTest extends RunningNotifier {

    @Autowired
    private KafkaListenerEndpointRegistry listeners;

    private long subscriptions(SignatureId signature) {
        return database.sql("select count(*) from subscriber where signature = ?")
                .param(signature.value())
                .query(Long.class)
                .single();
    }

    @Test
    void a_record_that_comes_again_subscribes_nobody_who_unsubscribed() {
        published();
        SignatureId sona = signer("sona.late@example.org");
        signs(sona);
        RecordedEvent verified =
                happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        await().atMost(TIMEOUT).until(() -> subscriptions(sona) == 1);
        happens(new UpdatesStopped(sona, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        await().atMost(TIMEOUT).until(() -> subscriptions(sona) == 0);
        int mails = mailsTo("sona.late@").size();

        publish(verified);
        // The same partition as before, so that the repeated record has been read.
        happens(new UpdatesStopped(sona, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        long last = INDEX.get();
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from partition_position where last_index = ?")
                                .param(last)
                                .query(Long.class)
                                .single()
                        == 1);
        assertThat(subscriptions(sona)).isZero();
        assertThat(mailsTo("sona.late@")).hasSizeLessThanOrEqualTo(Math.max(mails, 2));
    }

    @Test
    void a_lost_database_mails_nobody_twice_and_parks_what_may_have_been_sent() throws Exception {
        published();
        SignatureId sona = signer("sona.lost@example.org");
        signs(sona);
        mail("sona.lost@", 1);
        happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        String sent = mail("sona.lost@", 2).getMessageID();
        await().atMost(TIMEOUT).until(() -> deliveries("&state=sent").size() == 2);

        listeners.getListenerContainer("events").stop();
        for (String table : new String[] {"delivery", "partition_position", "subscriber", "petition"}) {
            database.sql("delete from " + table).update();
        }
        listeners.getListenerContainer("events").start();
        await().atMost(TIMEOUT).until(() -> deliveries("&state=parked").size() == 2);
        SignatureId later = signer("sona.afterwards@example.org");
        signs(later);
        mail("sona.afterwards@", 1);
        assertThat(mailsTo("sona.lost@")).hasSize(2);
        assertThat(subscriptions(sona)).isEqualTo(1);

        JsonNode parked = deliveries("&state=parked");
        assertThat(parked.get(0).path("error").asString()).contains("may have been sent");
        UUID id = UUID.fromString(parked.get(0).path("id").asString());
        assertThat(call("POST", "/api/deliveries/" + id + "/retry", "").statusCode())
                .isEqualTo(200);
        assertThat(mail("sona.lost@", 3).getMessageID()).as("the same mail").isEqualTo(sent);
    }

    @Test
    void an_offset_of_a_topic_that_was_lost_parks_nothing() throws Exception {
        published();
        listeners.getListenerContainer("events").stop();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafka()))) {
            // A commit that arrived after the topic was created again.
            admin.alterConsumerGroupOffsets(
                            "notifier",
                            Map.of(
                                    new TopicPartition(Topics.SIGNATURE_EVENTS, 0),
                                    new OffsetAndMetadata(1_000_000, Topics.SIGNATURE_EVENTS + "=another")))
                    .all()
                    .get();
        }
        listeners.getListenerContainer("events").start();
        signs(signer("sona.late-commit@example.org"));
        mail("sona.late-commit@", 1);
        assertThat(deliveries("&state=parked").size()).isZero();
    }
}
