package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.countersign.events.SigningRepeated;
import org.countersign.events.Topics;
import org.countersign.localstack.server.FreePorts;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.maildata.MailLinks;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The notifier on real PostgreSQL, Kafka and SMTP. This test stands in for the services around it: it publishes events
 * as the relay does and answers to whom mails go as the signature service does.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class NotifyingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NOTIFIER_PASSWORD = "a machine's secret for tests";

    private static final TestServers.Database DATABASE = TestServers.database();
    private static final KafkaProducer<byte[], byte[]> PRODUCER = producer();
    private static final AtomicLong INDEX = new AtomicLong();
    private static final int SMTP_PORT = FreePorts.any();
    private static final List<MimeMessage> MAILS = new CopyOnWriteArrayList<>();
    private static final Map<String, String> ADDRESSES = new java.util.concurrent.ConcurrentHashMap<>();
    private static final Map<String, String> LANGUAGES = new java.util.concurrent.ConcurrentHashMap<>();
    private static SMTPServer smtp = startSmtp();
    private static final HttpServer SIGNATURE_SERVICE = startSignatureService();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient database;

    private final PetitionSlug petition = new PetitionSlug("bench-" + UUID.randomUUID());

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", DATABASE::url);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.kafka.bootstrap-servers", TestServers::kafka);
        properties.add("spring.mail.port", () -> SMTP_PORT);
        properties.add(
                "countersign.signature-service.url",
                () -> "http://127.0.0.1:" + SIGNATURE_SERVICE.getAddress().getPort());
        properties.add("countersign.notifier.password", () -> NOTIFIER_PASSWORD);
        properties.add("countersign.organiser.password", () -> "for tests");
        properties.add("countersign.keys.webhook", () -> Base64.getEncoder().encodeToString(new byte[32]));
        properties.add("countersign.webhook.allow-loopback", () -> "true");
        properties.add("countersign.mail.connections", () -> "2");
        properties.add("countersign.mail.updates-per-second", () -> "20");
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.PETITION_EVENTS, 1, (short) 1),
                            new NewTopic(Topics.SIGNATURE_EVENTS, 6, (short) 1),
                            new NewTopic(Topics.MILESTONE_EVENTS, 1, (short) 1)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new KafkaProducer<>(
                new HashMap<>(Map.of("bootstrap.servers", TestServers.kafka(), "acks", "all")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A mail server that knows no unknown@…, and is too busy for later@… the first time. */
    private static SMTPServer startSmtp() {
        List<String> seenBefore = new ArrayList<>();
        SMTPServer server = SMTPServer.port(SMTP_PORT)
                .bindAddress(InetAddress.getLoopbackAddress())
                .messageHandler((context, from, to, data) -> {
                    if (to.startsWith("unknown@")) {
                        throw new RejectException(550, "5.1.1 <" + to + "> is not known here");
                    }
                    if (to.startsWith("later@") && !seenBefore.contains(to)) {
                        seenBefore.add(to);
                        throw new RejectException(451, "4.3.0 busy");
                    }
                    try {
                        MAILS.add(
                                new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data)));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .build();
        server.start();
        return server;
    }

    private static HttpServer startSignatureService() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/internal/mail-data", exchange -> {
                boolean known = ("Bearer " + NOTIFIER_PASSWORD)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
                List<MailData> answer = new ArrayList<>();
                for (MailDataRequest request : JSON.readValue(exchange.getRequestBody(), MailDataRequest[].class)) {
                    answer.add(mailData(request));
                }
                byte[] body = JSON.writeValueAsBytes(answer);
                exchange.sendResponseHeaders(known ? 200 : 401, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MailData mailData(MailDataRequest request) {
        boolean toSigner = request.signature() != null;
        String key = toSigner
                ? request.signature().toString()
                : request.alert() != null ? request.alert().toString() : request.petition();
        String site = "http://localhost:8080";
        MailLinks links = new MailLinks(
                site + "/petitions/" + request.petition(),
                toSigner ? site + "/confirm?token=verify-" + request.round() : null,
                toSigner ? site + "/withdraw?token=withdraw-me" : null,
                toSigner
                        ? site + "/unsubscribe?token=stop-updates"
                        : request.alert() != null ? site + "/stop-alert?token=stop-updates" : null,
                toSigner ? site + "/my-data?token=my-data" : null,
                toSigner ? site + "/api/signatures/receipt?token=my-data" : null);
        String email = ADDRESSES.get(key);
        return email == null ? null : new MailData("Sona Signer", email, LANGUAGES.get(key), links);
    }

    private static RecordedEvent happens(Event event) {
        long index = INDEX.incrementAndGet();
        String id = event instanceof MilestoneReached reached
                ? reached.petition() + ":" + reached.threshold()
                : "test:" + index;
        RecordedEvent recorded = new RecordedEvent(index, id, Optional.of("0123456789abcdef0123456789abcdef"), event);
        publish(recorded);
        return recorded;
    }

    private static void publish(RecordedEvent recorded) {
        Event event = recorded.event();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(EventType.of(event)), CloudEvent.key(event).getBytes(), EventJson.data(event));
        CloudEvent.headers(recorded).forEach(record.headers()::add);
        PRODUCER.send(record);
        PRODUCER.flush();
    }

    private void published() {
        published(100);
    }

    private void published(long goal) {
        ADDRESSES.put(petition.value(), "olga@example.org");
        happens(new PetitionPublished(
                petition,
                NOON,
                "A bench & a “light”",
                "Please.",
                List.of("The Mayor"),
                goal,
                List.of(),
                "en",
                Optional.empty(),
                new Sealed(new byte[1])));
    }

    private SignatureId signer(String address) {
        SignatureId id = new SignatureId(UUID.randomUUID());
        ADDRESSES.put(id.toString(), address);
        return id;
    }

    private RecordedEvent signs(SignatureId id) {
        return happens(new PetitionSigned(
                id, petition, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
    }

    private List<MimeMessage> mailsTo(String address) {
        return MAILS.stream()
                .filter(mail -> {
                    try {
                        return mail.getAllRecipients()[0].toString().contains(address);
                    } catch (jakarta.mail.MessagingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private MimeMessage mail(String address, int number) {
        await().atMost(PATIENCE).until(() -> mailsTo(address).size() >= number);
        return mailsTo(address).get(number - 1);
    }

    private static String part(MimeMessage mail, int part) throws Exception {
        return ((MimeMultipart) mail.getContent())
                .getBodyPart(part)
                .getContent()
                .toString();
    }

    @Test
    void who_signs_is_asked_to_confirm_by_a_mail_in_text_and_html() throws Exception {
        published();
        signs(signer("sona.confirm@example.org"));
        MimeMessage mail = mail("sona.confirm@", 1);
        assertThat(mail.getSubject()).isEqualTo("Please confirm your signature: A bench & a “light”");
        for (int part = 0; part < 2; part++) {
            assertThat(part(mail, part))
                    .contains("Sona Signer")
                    .containsOnlyOnce("http://localhost:8080/confirm?token=verify-1")
                    .containsOnlyOnce("http://localhost:8080/withdraw?token=withdraw-me")
                    .containsOnlyOnce("http://localhost:8080/my-data?token=my-data");
        }
        assertThat(part(mail, 0)).contains("A bench & a “light”");
        assertThat(part(mail, 1)).contains("A bench &amp; a “light”");
        assertThat(mail.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/withdraw?token=withdraw-me>");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).isNull();
        assertThat(mail.getHeader("Trace-Id")[0]).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(mail.getHeader("Auto-Submitted")[0]).isEqualTo("auto-generated");
    }

    @Test
    void each_step_has_its_mail_and_an_event_that_comes_twice_has_one() throws Exception {
        published();
        SignatureId sona = signer("sona.steps@example.org");
        RecordedEvent signed = signs(sona);
        mail("sona.steps@", 1);
        publish(signed);
        happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, true));
        assertThat(mail("sona.steps@", 2).getSubject()).startsWith("Thank you for signing");
        assertThat(part(mail("sona.steps@", 2), 0))
                .contains("/withdraw?token=withdraw-me", "/api/signatures/receipt?token=")
                .doesNotContain("/confirm");
        happens(new SigningRepeated(sona, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        assertThat(mail("sona.steps@", 3).getSubject()).startsWith("You have signed already");
        assertThat(mailsTo("sona.steps@")).hasSize(3);
    }

    @Test
    void a_milestone_is_told_once_to_the_organiser_and_to_those_who_want_updates_in_order() throws Exception {
        published();
        ADDRESSES.put(petition.value(), "olga.alert@example.org");
        SignatureId wants = signer("wants@example.org");
        SignatureId withdrew = signer("withdrew@example.org");
        SignatureId erased = signer("erased@example.org");
        SignatureId doesNot = signer("doesnot@example.org");
        happens(new SignatureVerified(wants, petition, NOON, 1, COUNTRY, true));
        happens(new SignatureVerified(withdrew, petition, NOON, 1, COUNTRY, true));
        happens(new SignatureWithdrawn(withdrew, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        happens(new SignatureVerified(erased, petition, NOON, 1, COUNTRY, true));
        happens(new SignerErased(erased, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        happens(new SignatureVerified(doesNot, petition, NOON, 1, COUNTRY, false));
        mail("wants@", 1);
        mail("withdrew@", 1);
        mail("erased@", 1);
        mail("doesnot@", 1);
        RecordedEvent three = happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 1250, 100_000, INDEX.get()));
        publish(three);
        assertThat(mail("olga.alert@", 1).getSubject()).isEqualTo("3 have signed: A bench & a “light”");
        assertThat(mail("olga.alert@", 2).getSubject()).isEqualTo("1,250 have signed: A bench & a “light”");
        MimeMessage update = mail("wants@", 2);
        mail("wants@", 3);
        assertThat(update.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/unsubscribe?token=stop-updates>");
        assertThat(update.getHeader("List-Unsubscribe-Post")[0]).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(mailsTo("olga.alert@")).hasSize(2);
        assertThat(mailsTo("wants@")).hasSize(3);
        assertThat(mailsTo("withdrew@")).hasSize(1);
        assertThat(mailsTo("erased@")).hasSize(1);
        assertThat(mailsTo("doesnot@")).hasSize(1);
    }

    private AlertRequested alert(String address, List<Long> milestones) {
        UUID id = UUID.randomUUID();
        ADDRESSES.put(id.toString(), address);
        return new AlertRequested(id, petition, NOON, milestones, new Sealed(new byte[1]));
    }

    @Test
    void whom_the_organiser_wants_told_is_told_of_the_milestones_that_were_chosen_and_can_stop_it() throws Exception {
        published();
        AlertRequested each = alert("each@example.org", List.of());
        AlertRequested chosen = alert("chosen@example.org", List.of(50L));
        AlertRequested stopped = alert("stopped@example.org", List.of());
        AlertRequested late = alert("heard.of.late@example.org", List.of(50L, 100L));
        happens(each);
        happens(chosen);
        happens(stopped);
        happens(new AlertStopped(stopped.alert(), petition, NOON, true));
        long before = INDEX.get();
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        RecordedEvent fifty = happens(new MilestoneReached(petition, NOON, 50, 100, INDEX.get()));
        assertThat(mail("each@", 1).getSubject()).isEqualTo("10 have signed: A bench & a “light”");
        assertThat(mail("each@", 2).getSubject()).isEqualTo("50 have signed: A bench & a “light”");
        MimeMessage only = mail("chosen@", 1);
        assertThat(only.getSubject()).startsWith("50 have signed");
        assertThat(only.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/stop-alert?token=stop-updates>");
        assertThat(only.getHeader("List-Unsubscribe-Post")[0]).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(part(only, 0))
                .contains(
                        "organiser wishes you to hear",
                        "http://localhost:8080/stop-alert?token=stop-updates",
                        "/petitions/" + petition)
                .doesNotContain("/my-data", "/withdraw");

        // Who was to be told before a milestone and is heard of after it is told of it; who was to be told after it is
        // not.
        publish(new RecordedEvent(before, "test:late-alert", Optional.empty(), late));
        assertThat(mail("heard.of.late@", 1).getSubject()).startsWith("50 have signed");
        happens(alert("after@example.com", List.of()));
        // An event that comes twice tells nobody twice; another choice holds from then on.
        publish(fifty);
        happens(new AlertRequested(chosen.alert(), petition, NOON, List.of(100L), new Sealed(new byte[1])));
        happens(new MilestoneReached(petition, NOON, 75, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 100, 100, INDEX.get()));
        mail("each@", 4);
        mail("after@example.com", 2);
        assertThat(mail("chosen@", 2).getSubject()).startsWith("100 have signed");
        assertThat(mail("heard.of.late@", 2).getSubject()).startsWith("100 have signed");
        await().atMost(PATIENCE).until(() -> deliveries("&state=planned").isEmpty());
        assertThat(mailsTo("each@")).hasSize(4);
        assertThat(mailsTo("chosen@")).hasSize(2);
        assertThat(mailsTo("after@example.com")).hasSize(2);
        assertThat(mailsTo("stopped@")).isEmpty();
        assertThat(deliveries("")
                        .valueStream()
                        .filter(delivery -> delivery.get("kind").asString().equals("alert")))
                .hasSize(10);
    }

    @Test
    void a_mailing_to_many_keeps_to_its_rate_holds_up_no_other_mail_and_shows_how_far_it_is() {
        published();
        for (int i = 0; i < 100; i++) {
            happens(new SignatureVerified(signer("many-" + i + "@example.org"), petition, NOON, 1, COUNTRY, true));
        }
        mail("many-99@", 1);
        RecordedEvent reached = happens(new MilestoneReached(petition, NOON, 100, 1000, INDEX.get()));
        // Who was there before the milestone and is heard of after it is told too; who came after it is not.
        SignatureId late = signer("late@example.org");
        publish(new RecordedEvent(
                reached.index() - 2,
                "test:late",
                Optional.empty(),
                new SignatureVerified(late, petition, NOON, 1, COUNTRY, true)));
        happens(new SignatureVerified(signer("after@example.org"), petition, NOON, 1, COUNTRY, true));
        mail("many-", 101);
        signs(signer("hurried@example.org"));
        mail("hurried@", 1);
        assertThat(mailings()).hasSize(1);
        assertThat(mailings().get(0).get("sent").asInt())
                .as("the mailing goes on")
                .isLessThan(101);
        await().atMost(PATIENCE)
                .until(() -> mailings().get(0).get("sent").asInt() == 101
                        && !mailings().get(0).get("endedAt").isNull());
        publish(reached);
        assertThat(mailsTo("many-")).hasSize(200);
        assertThat(mailsTo("late@")).hasSize(2);
        assertThat(mailsTo("after@")).hasSize(1);
        JsonNode progress = mailings().get(0);
        assertThat(List.of(
                        progress.get("threshold").asInt(),
                        progress.get("recipients").asInt(),
                        progress.get("planned").asInt(),
                        progress.get("failed").asInt()))
                .containsExactly(100, 101, 101, 0);
    }

    private JsonNode mailings() {
        return JSON.readTree(
                call("GET", "/api/mailings?petition=" + petition, "").body());
    }

    @Test
    void each_mail_is_in_its_readers_language_and_one_about_a_milestone_shows_how_far_it_is() throws Exception {
        published(5000);
        ADDRESSES.put(petition.value(), "olga.klingon@example.org");
        LANGUAGES.put(petition.value(), "tlh");
        SignatureId german = signer("german@example.org");
        LANGUAGES.put(german.toString(), "de-AT");
        SignatureId arabic = signer("arabic@example.org");
        LANGUAGES.put(arabic.toString(), "ar-EG");
        signs(german);
        MimeMessage confirm = mail("german@", 1);
        assertThat(confirm.getSubject()).isEqualTo("Bitte bestätigen Sie Ihre Unterschrift: A bench & a “light”");
        assertThat(confirm.getContentLanguage()).containsExactly("de-AT");
        assertThat(part(confirm, 0)).startsWith("Guten Tag Sona Signer,");
        assertThat(part(confirm, 1)).contains("lang=\"de-AT\" dir=\"ltr\"").doesNotContain("<img");

        happens(new SignatureVerified(german, petition, NOON, 1, COUNTRY, true));
        happens(new SignatureVerified(arabic, petition, NOON, 1, COUNTRY, true));
        mail("german@", 2);
        mail("arabic@", 1);
        happens(new MilestoneReached(petition, NOON, 1250, 5000, INDEX.get()));
        assertThat(mail("german@", 3).getSubject())
                .as("with Austria’s space")
                .isEqualTo("1\u00a0250 Unterschriften: A bench & a “light”");
        assertThat(mail("olga.klingon@", 1).getSubject()).isEqualTo("1,250 have signed: A bench & a “light”");
        MimeMultipart rightToLeft = (MimeMultipart)
                ((MimeMultipart) mail("arabic@", 2).getContent()).getBodyPart(1).getContent();
        assertThat(rightToLeft.getBodyPart(0).getContent().toString())
                .contains("dir=\"rtl\"", "src=\"cid:progress\"", "بلغت العريضة");
        assertThat(((jakarta.mail.internet.MimeBodyPart) rightToLeft.getBodyPart(1)).getContentID())
                .isEqualTo("<progress>");
        java.awt.image.BufferedImage bar =
                javax.imageio.ImageIO.read(rightToLeft.getBodyPart(1).getInputStream());
        java.util.function.IntUnaryOperator colour = x -> bar.getRGB(x * bar.getWidth() / 100, bar.getHeight() / 2);
        assertThat(colour.applyAsInt(98))
                .as("a quarter, from the right")
                .isEqualTo(colour.applyAsInt(78))
                .isNotEqualTo(colour.applyAsInt(72));
        assertThat(colour.applyAsInt(2)).isEqualTo(colour.applyAsInt(72));
    }

    @Test
    void milestone_mails_show_the_goal_and_the_next_milestone_smaller() throws Exception {
        published();
        ADDRESSES.put(petition.value(), "olga.goal@example.org");
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        MimeMessage milestone = mail("olga.goal@", 1);
        assertThat(part(milestone, 0)).contains("The goal is 100.", "Next milestone: 50");
        MimeMultipart related = (MimeMultipart)
                ((MimeMultipart) milestone.getContent()).getBodyPart(1).getContent();
        assertThat(org.jsoup.Jsoup.parse(related.getBodyPart(0).getContent().toString())
                        .select("p[style*=font-size:14px]")
                        .first()
                        .text())
                .isEqualTo("Next milestone: 50");

        happens(new MilestoneReached(petition, NOON, 50, 100, INDEX.get()));
        assertThat(part(mail("olga.goal@", 2), 0))
                .as("the goal itself is the next milestone")
                .contains("The goal is 100.")
                .doesNotContain("Next milestone");
    }

    @Test
    void mails_to_signers_show_the_goal() throws Exception {
        published();
        SignatureId sona = signer("sona.goal@example.org");
        signs(sona);
        assertThat(part(mail("sona.goal@", 1), 0)).contains("The goal of the petition is 100 signatures.");
        happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, false));
        for (int part = 0; part < 2; part++) {
            assertThat(part(mail("sona.goal@", 2), part))
                    .contains("The goal of the petition is 100 signatures.", "brings the goal closer");
        }
    }

    @Test
    void what_a_mail_server_refuses_for_good_is_parked_and_what_it_refuses_for_now_is_tried_again() {
        published();
        signs(signer("unknown@example.org"));
        signs(signer("later@example.org"));
        SignatureId erased = new SignatureId(UUID.randomUUID());
        happens(new PetitionSigned(
                erased, petition, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
        mail("later@", 1);
        await().atMost(PATIENCE)
                .until(() -> deliveries("&state=parked").size() == 1
                        && deliveries("&state=dropped").size() == 1);
        JsonNode parked = deliveries("&state=parked").get(0);
        assertThat(parked.get("recipient").asString()).isEqualTo("u…@e….org");
        assertThat(parked.get("error").asString()).contains("550").doesNotContain("unknown@example.org");
        await().atMost(PATIENCE)
                .until(() -> deliveries("&state=sent").size() == 1
                        && deliveries("&state=sent").get(0).get("attempts").asInt() == 2);

        String id = parked.get("id").asString();
        assertThat(call("POST", "/api/deliveries/" + id + "/retry", "").statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE).until(() -> deliveries("&state=parked").size() == 1);
        assertThat(call("POST", "/api/deliveries/" + UUID.randomUUID() + "/retry", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void mails_wait_for_a_mail_server_that_is_away() {
        published();
        mailsTo("nobody@");
        smtp.stop();
        try {
            signs(signer("patient@example.org"));
            await().atMost(PATIENCE)
                    .until(() ->
                            call("GET", "/actuator/health/readiness", "").body().contains("DEGRADED"));
            await().atMost(PATIENCE).until(() -> deliveries("").size() == 1);
            assertThat(deliveries("").get(0).get("state").asString()).isEqualTo("planned");
        } finally {
            smtp = startSmtp();
        }
        mail("patient@", 1);
        await().atMost(PATIENCE)
                .until(() ->
                        call("GET", "/actuator/health/readiness", "").body().contains("\"status\":\"UP\"}"));
    }

    @Test
    void a_webhook_is_called_for_each_milestone_signed_in_order_and_again_with_the_same_id_until_it_answers()
            throws Exception {
        published();
        List<Map<String, String>> calls = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            Map<String, String> call = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> call.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
            call.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            calls.add(call);
            int status = calls.size() == 1 ? 500 : calls.size() == 2 ? 302 : 204;
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        HttpResponse<String> created = call(
                "POST",
                "/api/webhooks",
                JSON.writeValueAsString(
                        Map.of("petition", petition.value(), "url", url, "events", List.of("milestone.reached"))));
        assertThat(created.statusCode()).isEqualTo(201);
        String secret = JSON.readTree(created.body()).get("secret").asString();
        assertThat(call("GET", "/api/webhooks", "").body()).contains(url).doesNotContain(secret);

        happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 5, 100, INDEX.get()));
        // The first attempts are answered 500 and a redirect, which is not followed.
        await().atMost(PATIENCE)
                .until(() -> deliveries("")
                                .valueStream()
                                .filter(delivery ->
                                        delivery.get("kind").asString().equals("webhook")
                                                && !delivery.get("error").isNull())
                                .count()
                        == 1);
        for (int i = 0; i < 2; i++) {
            deliveries("")
                    .valueStream()
                    .filter(delivery -> delivery.get("kind").asString().equals("webhook")
                            && delivery.get("state").asString().equals("planned"))
                    .forEach(delivery ->
                            call("POST", "/api/deliveries/" + delivery.get("id").asString() + "/retry", ""));
            int before = calls.size();
            await().atMost(PATIENCE).until(() -> calls.size() > Math.min(before, 3));
        }
        await().atMost(PATIENCE).until(() -> calls.size() == 4);
        receiver.stop(0);
        assertThat(calls.subList(0, 3))
                .extracting(call -> call.get("webhook-id"))
                .containsOnly(calls.get(0).get("webhook-id"));
        assertThat(calls)
                .extracting(call -> JSON.readTree(call.get("body"))
                        .get("data")
                        .get("threshold")
                        .asInt())
                .containsExactly(3, 3, 3, 5);
        assertThat(JSON.readTree(calls.get(0).get("body")).get("type").asString())
                .isEqualTo("milestone.reached");
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
        for (Map<String, String> call : calls) {
            byte[] signed = (call.get("webhook-id") + "." + call.get("webhook-timestamp") + "." + call.get("body"))
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(call.get("webhook-signature"))
                    .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)));
        }
        String id = JSON.readTree(created.body()).get("id").asString();
        assertThat(call("DELETE", "/api/webhooks/" + id, "").statusCode()).isEqualTo(204);
        assertThat(call("DELETE", "/api/webhooks/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_chat_is_told_in_its_own_form_and_in_the_petitions_language_and_a_test_shows_whether_it_hears()
            throws Exception {
        happens(new PetitionPublished(
                petition,
                NOON,
                "A <b>ench & @everyone *now*",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "de",
                Optional.empty(),
                new Sealed(new byte[1])));
        Map<String, String> heard = new java.util.concurrent.ConcurrentHashMap<>();
        HttpServer chats = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chats.createContext("/", exchange -> {
            heard.put(
                    exchange.getRequestURI().getPath(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/broken") ? 500 : 204, -1);
            exchange.close();
        });
        chats.start();
        Map<String, String> ids = new HashMap<>();
        for (String chat : List.of("slack", "discord", "broken")) {
            HttpResponse<String> created = call(
                    "POST",
                    "/api/webhooks",
                    JSON.writeValueAsString(Map.of(
                            "petition",
                            petition.value(),
                            "events",
                            List.of("milestone.reached"),
                            "url",
                            "http://127.0.0.1:" + chats.getAddress().getPort() + "/" + chat,
                            "format",
                            chat.replace("broken", "slack"))));
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            ids.put(chat, JSON.readTree(created.body()).get("id").asString());
        }
        happens(new MilestoneReached(petition, NOON, 1250, 5000, INDEX.get()));
        await().atMost(PATIENCE).until(() -> heard.size() == 3);
        String link = "\nhttp://localhost:8080/petitions/" + petition;
        assertThat(JSON.readTree(heard.get("/slack")))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "mrkdwn",
                        false,
                        "text",
                        "„A &lt;b&gt;ench &amp; @everyone *now*“: 1.250 Unterschriften, jede bestätigt. Das Ziel ist 5.000."
                                + link)));
        assertThat(JSON.readTree(heard.get("/discord")))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "allowed_mentions",
                        Map.of("parse", List.of()),
                        "content",
                        "„A <b>ench & @everyone \\*now\\*“: 1.250 Unterschriften, jede bestätigt. Das Ziel ist 5.000."
                                + link)));

        // What waits because its receiver is broken does not hold up a test.
        heard.clear();
        for (String chat : List.of("slack", "broken")) {
            HttpResponse<String> tested = call("POST", "/api/webhooks/" + ids.get(chat) + "/test", "");
            assertThat(tested.statusCode()).isEqualTo(202);
            String id = JSON.readTree(tested.body()).get("delivery").asString();
            await().atMost(PATIENCE)
                    .until(
                            () -> deliveries("")
                                    .valueStream()
                                    .filter(delivery ->
                                            delivery.get("id").asString().equals(id))
                                    .findAny()
                                    .orElseThrow(),
                            delivery -> chat.equals("slack")
                                    ? delivery.get("state").asString().equals("sent")
                                    : delivery.get("error").asString("").contains("500"));
        }
        assertThat(JSON.readTree(heard.get("/slack")).get("text").asString()).startsWith("Das ist ein Test");
        chats.stop(0);
        ids.values().forEach(id -> call("DELETE", "/api/webhooks/" + id, ""));
        assertThat(call("POST", "/api/webhooks/" + UUID.randomUUID() + "/test", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(
                                "POST",
                                "/api/webhooks",
                                "{\"url\":\"https://example.org/\",\"events\":[\"milestone.reached\"],\"format\":\"teams\"}")
                        .body())
                .contains("\"field\":\"format\"");
    }

    @Test
    void a_webhook_that_makes_no_sense_is_refused_by_field() {
        for (String url : List.of(
                "nonsense",
                "ftp://example.org/",
                "http://10.0.0.1/hook",
                "http://user:pass@example.org/",
                "http://[::ffff:192.168.0.1]/")) {
            assertThat(call(
                                    "POST",
                                    "/api/webhooks",
                                    JSON.writeValueAsString(Map.of("url", url, "events", List.of("milestone.reached"))))
                            .body())
                    .as(url)
                    .contains("\"field\":\"url\"");
        }
        assertThat(call("POST", "/api/webhooks", "{\"url\":\"https://example.org/\",\"events\":[\"no.such\"]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(call("POST", "/api/webhooks", "nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void nobody_but_the_organiser_sees_deliveries_and_webhooks() throws Exception {
        for (String path : List.of("/api/deliveries", "/api/webhooks")) {
            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(call("GET", "/api/deliveries?state=nonsense", "").statusCode())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "confirm:1", "update:more-trees:500:4711", "ü"})
    void a_purpose_has_the_same_id_wherever_it_is_planned(String purpose) {
        assertThat(database.sql("select delivery_id(?)")
                        .param(purpose)
                        .query(UUID.class)
                        .single())
                .isEqualTo(Delivery.idFor(purpose));
    }

    @Test
    void no_address_is_stored_in_clear() {
        published();
        signs(signer("zabel.zyxwvut@qwertz.example"));
        mail("zabel.zyxwvut@", 1);
        await().atMost(PATIENCE).until(() -> deliveries("&state=sent").size() == 1);
        for (String table : database.sql("select tablename from pg_tables where schemaname = 'public'")
                .query(String.class)
                .list()) {
            assertThat(database.sql("select coalesce(string_agg(t::text, ' '), '') from " + table + " t")
                            .query(String.class)
                            .single())
                    .as(table)
                    .doesNotContain("zyxwvut")
                    .doesNotContain("qwertz")
                    .doesNotContain("Sona");
        }
    }

    private JsonNode deliveries(String query) {
        return JSON.readTree(
                call("GET", "/api/deliveries?petition=" + petition + query, "").body());
    }

    private HttpResponse<String> call(String method, String path, String body) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .header("Content-Type", "application/json")
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString("organiser:for tests".getBytes()))
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
