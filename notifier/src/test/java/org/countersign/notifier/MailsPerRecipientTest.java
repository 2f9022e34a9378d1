package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.events.AlertRequested;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignerErased;
import org.countersign.maildata.MailRecipient;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.MailTurns;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Nobody can fill a stranger's mailbox. At most five mails an hour, and thirty a minute to one domain. */
@TestPropertySource(
        properties = {
            "countersign.mail.domain-limits=small.example=30, Bücher.example=1",
            "countersign.mail.per-second=200"
        })
class MailsPerRecipientTest extends RunningNotifier {

    @Autowired
    private MailTurns turns;

    @Autowired
    private ConfigurableEnvironment settings;

    /** Other tests use the same database, and would see mails for minutes. */
    @AfterEach
    void nothingWaits() {
        database.sql("delete from delivery where state = 'planned' and postponed > 0")
                .update();
    }

    private PetitionSlug anotherPetition() {
        PetitionSlug slug = new PetitionSlug("other-" + UUID.randomUUID());
        happens(new PetitionPublished(
                slug,
                NOON,
                "Another petition",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "en",
                Optional.empty(),
                new Sealed(new byte[1])));
        return slug;
    }

    private SignatureId signs(String address, PetitionSlug to) {
        SignatureId id = signer(address);
        happens(new PetitionSigned(
                id, to, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
        return id;
    }

    private void awaitDeliveries(String where, int count) {
        await().atMost(TIMEOUT).until(() -> countDeliveries(where) == count);
    }

    private int countDeliveries(String where) {
        return database.sql("select count(*) from delivery where " + where)
                .query(Integer.class)
                .single();
    }

    private String ofSigners(List<SignatureId> signers) {
        return "signature in ("
                + String.join(
                        ",", signers.stream().map(signer -> "'" + signer + "'").toList())
                + ")";
    }

    /** Lets an hour pass for the turns of a recipient and for the mails that wait. */
    private void anHourPasses(String address) {
        database.sql("""
                        update recipient_turn set taken_at = array(
                            select at - interval '61 minutes' from unnest(taken_at) as turn (at)), promised = '{}'
                        where recipient = ?""").param(recipient(address).key()).update();
        database.sql("update delivery set next_attempt = now() where state = 'planned' and postponed > 0")
                .update();
    }

    private double metric(String line) {
        return new HttpProbe(managementPort)
                .get("/actuator/prometheus")
                .body()
                .lines()
                .filter(one -> one.startsWith(line))
                .mapToDouble(one -> Double.parseDouble(one.substring(one.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void of_six_mails_for_three_petitions_the_sixth_waits_and_is_not_lost() {
        published();
        double before = metric("countersign_deliveries_postponed_total{limit=\"recipient\"");
        List<PetitionSlug> petitions = List.of(petition, anotherPetition(), anotherPetition());
        List<SignatureId> signatures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            signatures.add(signs("victim.six@example.org", petitions.get(i % 3)));
        }
        String mails = ofSigners(signatures);
        awaitDeliveries(mails + " and state = 'sent'", 5);
        awaitDeliveries(mails + " and state = 'planned' and postponed = 1 and attempts = 0", 1);
        assertThat(mailsTo("victim.six@")).hasSize(5);
        Instant due = database.sql("select next_attempt from delivery where state = 'planned' and " + mails)
                .query(java.time.OffsetDateTime.class)
                .single()
                .toInstant();
        assertThat(Duration.between(Instant.now(), due)).isBetween(Duration.ofMinutes(58), Duration.ofMinutes(61));
        assertThat(metric("countersign_deliveries_postponed_total{limit=\"recipient\"") - before)
                .isEqualTo(1.0);
        assertThat(database.sql("select error from delivery where state = 'planned' and " + mails)
                        .query(String.class)
                        .single())
                .contains("as many mails within an hour as the limit allows")
                .doesNotContain("victim");

        signs("neighbour@example.org", petition);
        mail("neighbour@", 1);
        assertThat(mailsTo("victim.six@")).as("still").hasSize(5);

        anHourPasses("victim.six@example.org");
        mail("victim.six@", 6);
        awaitDeliveries(mails + " and state = 'sent'", 6);
    }

    @Test
    void mails_that_wait_are_due_hour_after_hour() {
        published();
        List<SignatureId> signatures = IntStream.range(0, 12)
                .mapToObj(number -> signs("victim.queue@example.org", petition))
                .toList();
        String mails = ofSigners(signatures);
        awaitDeliveries(mails + " and state = 'planned' and postponed = 1", 7);
        String hour = mails + " and state = 'planned' and next_attempt ";
        assertThat(countDeliveries(hour + "< now() + interval '61 minutes'")).isEqualTo(5);
        assertThat(countDeliveries(hour + "> now() + interval '118 minutes'")).isEqualTo(2);
        assertThat(mailsTo("victim.queue@")).hasSize(5);
    }

    @Test
    void a_confirmation_that_waits_is_cancelled_with_its_round() {
        published();
        List<SignatureId> signatures = IntStream.range(0, 6)
                .mapToObj(number -> signs("victim.expired@example.org", petition))
                .toList();
        String mails = ofSigners(signatures);
        awaitDeliveries(mails + " and postponed = 1", 1);
        for (SignatureId signature : signatures) {
            happens(new SignerErased(signature, petition, NOON, 1, COUNTRY, SignatureStatus.EXPIRED));
        }
        awaitDeliveries(mails + " and state = 'dropped'", 1);
    }

    @Test
    void thanks_and_milestones_for_organisers_and_recipients_have_no_limit() {
        published();
        ADDRESSES.put(petition.value(), "busy@example.org");
        UUID alert = UUID.randomUUID();
        ADDRESSES.put(alert.toString(), "busy@example.org");
        happens(new AlertRequested(alert, petition, NOON, List.of(), new Sealed(new byte[] {1})));
        List<SignatureId> signatures = IntStream.range(0, 6)
                .mapToObj(number -> signs("busy@example.org", petition))
                .toList();
        awaitDeliveries(ofSigners(signatures) + " and kind = 'confirm' and state = 'sent'", 5);
        signatures.forEach(
                id -> happens(new SignatureVerified(id, petition, NOON, 1, COUNTRY, false, RunningNotifier.SIGNED)));
        awaitDeliveries(ofSigners(signatures) + " and kind = 'thanks' and state = 'sent'", 6);
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        String ofPetition = "petition = '" + petition + "' and state = 'sent' and kind = ";
        awaitDeliveries(ofPetition + "'milestone'", 1);
        awaitDeliveries(ofPetition + "'alert'", 1);
    }

    @Test
    void a_second_instance_keeps_to_the_turns_of_the_first() {
        published();
        List<SignatureId> signatures = new ArrayList<>(IntStream.range(0, 4)
                .mapToObj(number -> signs("victim.two@example.org", petition))
                .toList());
        awaitDeliveries(ofSigners(signatures) + " and state = 'sent'", 4);
        try (ConfigurableApplicationContext second = secondInstance()) {
            assertThat(second.isRunning()).isTrue();
            IntStream.range(0, 8).forEach(number -> signatures.add(signs("victim.two@example.org", petition)));
            awaitDeliveries(ofSigners(signatures) + " and state = 'planned' and postponed > 0", 7);
        }
        assertThat(mailsTo("victim.two@")).hasSize(5);
    }

    private ConfigurableApplicationContext secondInstance() {
        return SpringApplication.run(
                NotifierApplication.class,
                Stream.concat(
                                Stream.of(
                                        "--server.port=0",
                                        "--management.server.port=0",
                                        "--countersign.instance=second",
                                        "--countersign.warm-up.limit=0s"),
                                Stream.of(
                                                "spring.datasource.url",
                                                "spring.datasource.username",
                                                "spring.datasource.password",
                                                "spring.flyway.user",
                                                "spring.flyway.password",
                                                "spring.kafka.bootstrap-servers",
                                                "spring.mail.port",
                                                "countersign.signature-service.management-url",
                                                "countersign.keys.event",
                                                "countersign.keys.webhook",
                                                "countersign.internal.password",
                                                "countersign.auditor.password",
                                                "countersign.organiser.password")
                                        .map(name -> "--" + name + "=" + settings.getRequiredProperty(name)))
                        .toArray(String[]::new));
    }

    @Test
    void workers_that_take_turns_at_the_same_time_share_none() throws Exception {
        MailRecipient victim = recipient("victim.race@example.org");
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Long>> batches = Stream.<Callable<Long>>generate(() -> () -> sent(batch(victim, 3)))
                    .limit(24)
                    .toList();
            long sent = 0;
            for (Future<Long> batch : workers.invokeAll(batches)) {
                sent += batch.get();
            }
            assertThat(sent).isEqualTo(5);
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void a_mail_that_is_tried_again_uses_one_turn() {
        Map<Delivery, MailRecipient> one = batch(recipient("victim.retry@example.org"), 1);
        for (int attempt = 0; attempt < 10; attempt++) {
            assertThat(turns.take(one)).isEmpty();
        }
        assertThat(sent(batch(recipient("victim.retry@example.org"), 10))).isEqualTo(4);
    }

    private long sent(Map<Delivery, MailRecipient> mails) {
        return mails.size() - turns.take(mails).size();
    }

    private Map<Delivery, MailRecipient> batch(MailRecipient recipient, int mails) {
        Map<Delivery, MailRecipient> batch = new LinkedHashMap<>();
        for (int i = 0; i < mails; i++) {
            batch.put(
                    new Delivery(
                            UUID.randomUUID(),
                            DeliveryKind.CONFIRM,
                            new Recipient.SignerRecipient(UUID.randomUUID(), 1),
                            Delivery.Content.of("any"),
                            Optional.empty(),
                            Optional.empty()),
                    recipient);
        }
        return batch;
    }

    @Test
    void a_domain_gets_no_more_mails_than_its_limit_and_delays_no_other() {
        published();
        List<SignatureId> small = IntStream.range(0, 300)
                .mapToObj(number -> signs("reader-" + number + "@small.example", petition))
                .toList();
        List<SignatureId> others = IntStream.range(0, 20)
                .mapToObj(number -> signs("reader-" + number + "@other.example", petition))
                .toList();
        awaitDeliveries(ofSigners(others) + " and state = 'sent'", 20);
        assertThat(countDeliveries(ofSigners(small) + " and state = 'sent'")).isLessThan(20);
        // Half a second for each mail, and 290 of them wait: they are due over more than nine minutes.
        awaitDeliveries(ofSigners(small) + " and state = 'planned' and postponed = 0", 0);
        assertThat(countDeliveries(ofSigners(small) + " and next_attempt > now() + interval '8 minutes'"))
                .isBetween(20, 80);
        int before = countDeliveries(ofSigners(small) + " and state = 'sent'");
        await().pollDelay(Duration.ofSeconds(12)).atMost(TIMEOUT).until(() -> true);
        int inTwelveSeconds = countDeliveries(ofSigners(small) + " and state = 'sent'") - before;
        assertThat(inTwelveSeconds).as("30 a minute").isBetween(3, 8);
    }

    @Test
    void the_first_mail_of_a_minute_is_the_only_one_if_the_limit_is_one() {
        MailRecipient first = inDomain("xn--bcher-kva.example");
        assertThat(sent(batch(first, 1))).isEqualTo(1);
        Map<Delivery, DeliveryOutcome> refused = turns.take(batch(inDomain("xn--bcher-kva.example"), 1));
        assertThat(refused.values()).singleElement().satisfies(outcome -> {
            assertThat(outcome.result()).isEqualTo(Result.POSTPONED);
            assertThat(Duration.between(Instant.now(), outcome.due().orElseThrow()))
                    .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(62));
        });
    }

    private static MailRecipient inDomain(String domain) {
        return new MailRecipient(UUID.randomUUID(), domain, Delivery.idFor(domain), false);
    }

    @Test
    void a_recipient_who_wants_no_mail_gets_none_and_the_organiser_sees_why() {
        published();
        double before = metric("countersign_deliveries_suppressed_total");
        SUPPRESSED.add("peace@example.org");
        SignatureId signature = signs("peace@example.org", petition);
        await().atMost(TIMEOUT).until(() -> deliveries("&state=suppressed").size() == 1);
        JsonNode delivery = deliveries("&state=suppressed").get(0);
        assertThat(delivery.get("error").asString()).isEqualTo("The recipient asked never to get a mail again.");
        assertThat(delivery.get("nextAttempt").isNull()).isTrue();
        assertThat(delivery.get("attempts").asInt()).isZero();
        assertThat(mailsTo("peace@")).isEmpty();
        assertThat(metric("countersign_deliveries_suppressed_total") - before).isEqualTo(1.0);

        String id = delivery.get("id").asString();
        call("POST", "/api/deliveries/" + id + "/retry", "");
        await().atMost(TIMEOUT).until(() -> deliveries("&state=suppressed").size() == 1);
        assertThat(mailsTo("peace@")).isEmpty();

        SUPPRESSED.remove("peace@example.org");
        call("POST", "/api/deliveries/" + id + "/retry", "");
        mail("peace@", 1);
        awaitDeliveries(ofSigners(List.of(signature)) + " and state = 'sent'", 1);
    }

    @Test
    void an_organiser_who_wants_no_mail_as_a_signer_still_hears_of_the_own_petition() {
        published();
        ADDRESSES.put(petition.value(), "own@example.org");
        SUPPRESSED.add("own@example.org");
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        mail("own@", 1);
    }
}
