package org.countersign.notifier;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.Topics;
import org.countersign.localstack.server.FreePorts;
import org.countersign.maildata.InvitationMails;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.maildata.MailLinks;
import org.countersign.maildata.MailRecipient;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.support.keys.KeyRing;
import org.countersign.testkit.TestServers;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The notifier on real PostgreSQL, Kafka and SMTP. The tests stand in for the services around it. They publish events
 * as the relay does, and return mail data as the signature service does.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "countersign.warm-up.limit=0s")
abstract class RunningNotifier {

    static final Duration TIMEOUT = Duration.ofSeconds(90);
    /** The hash of a signing event. The notifier does not check it. */
    static final String SIGNED = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    static final CountryCode COUNTRY = new CountryCode("AM");
    static final JsonMapper JSON = JsonMapper.builder().build();
    static final String ORGANISER_PASSWORD = "organiser's, for tests";
    static final String AUDITOR_PASSWORD = "auditor's, for tests";
    static final String INTERNAL_PASSWORD = "a machine's secret for tests";

    static final String EVENT_KEYS = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
    static final RecordMac MAC = mac(EVENT_KEYS);

    private static RecordMac mac(String keys) {
        KeyRing ring = KeyRing.parse("TEST", keys);
        return new RecordMac(ring::tag, ring::verifies);
    }

    static final TestServers.Database DATABASE = TestServers.database();
    static final KafkaProducer<byte[], byte[]> PRODUCER = producer();
    static final AtomicLong INDEX = new AtomicLong();
    static final int SMTP_PORT = FreePorts.any();
    static final List<MimeMessage> MAILS = new CopyOnWriteArrayList<>();
    static final Map<String, String> ADDRESSES = new java.util.concurrent.ConcurrentHashMap<>();
    static final Map<String, String> LANGUAGES = new java.util.concurrent.ConcurrentHashMap<>();
    /** The addresses whose owners want no mail. */
    static final Set<String> SUPPRESSED = java.util.concurrent.ConcurrentHashMap.newKeySet();

    /** The signatures that the signature service reports as settled when it is asked about a reminder. */
    static final Set<UUID> NOT_PENDING = java.util.concurrent.ConcurrentHashMap.newKeySet();

    /** The invitations whose mail is not planned yet. */
    static final Set<UUID> INVITATIONS = java.util.concurrent.ConcurrentHashMap.newKeySet();

    static SMTPServer smtp = startSmtp();
    static final HttpServer SIGNATURE_SERVICE = startSignatureService();

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    /** The database with the rights of its owner. */
    final JdbcClient database =
            JdbcClient.create(new DriverManagerDataSource(DATABASE.url(), DATABASE.owner(), DATABASE.password()));

    final PetitionSlug petition = new PetitionSlug("bench-" + UUID.randomUUID());

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", DATABASE::url);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.flyway.user", DATABASE::owner);
        properties.add("spring.flyway.password", DATABASE::password);
        properties.add("spring.kafka.bootstrap-servers", TestServers::kafka);
        properties.add("spring.mail.port", () -> SMTP_PORT);
        properties.add(
                "countersign.signature-service.management-url",
                () -> "http://127.0.0.1:" + SIGNATURE_SERVICE.getAddress().getPort());
        properties.add("countersign.keys.event", () -> EVENT_KEYS);
        properties.add("countersign.internal.password", () -> INTERNAL_PASSWORD);
        properties.add("countersign.auditor.password", () -> AUDITOR_PASSWORD);
        properties.add("countersign.organiser.password", () -> ORGANISER_PASSWORD);
        properties.add("countersign.keys.webhook", () -> Base64.getEncoder().encodeToString(new byte[32]));
        properties.add("countersign.webhook.allow-loopback", () -> "true");
        properties.add("countersign.mail.connections", () -> "2");
        properties.add("countersign.mail.updates-per-second", () -> "20");
    }

    static KafkaProducer<byte[], byte[]> producer() {
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
    static SMTPServer startSmtp() {
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

    static HttpServer startSignatureService() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/internal/mail-data", exchange -> {
                boolean known = ("Bearer " + INTERNAL_PASSWORD)
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
            server.createContext("/internal/invitation-mails", exchange -> {
                InvitationMails mails = JSON.readValue(exchange.getRequestBody(), InvitationMails.class);
                INVITATIONS.removeAll(mails.planned());
                byte[] body = JSON.writeValueAsBytes(INVITATIONS);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static MailData mailData(MailDataRequest request) {
        if (request.invitation() != null) {
            String email = ADDRESSES.get(request.invitation().toString());
            MailLinks link =
                    new MailLinks("http://localhost:8080/invitation?token=t", null, null, null, null, null, null);
            return email == null
                    ? null
                    : new MailData(
                            "Ani Editor", email, "de", link, recipient(email), null, "Müller\r\nBcc: x@example.org");
        }
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
                toSigner ? site + "/api/signatures/receipt?token=my-data" : null,
                toSigner || request.alert() != null ? site + "/never-write?token=never-write" : null);
        String email = ADDRESSES.get(key);
        Boolean remind = request.pendingFor() == null ? null : !NOT_PENDING.contains(request.signature());
        return email == null
                ? null
                : new MailData("Sona Signer", email, LANGUAGES.get(key), links, recipient(email), remind, null);
    }

    /** The keys of the signature service are keyed hashes. For the notifier, any different values will do. */
    static MailRecipient recipient(String email) {
        String domain = email.substring(email.lastIndexOf('@') + 1);
        return new MailRecipient(Delivery.idFor(email), domain, Delivery.idFor(domain), SUPPRESSED.contains(email));
    }

    static RecordedEvent happens(Event event) {
        long index = INDEX.incrementAndGet();
        Optional<String> trace = Optional.of("0123456789abcdef0123456789abcdef");
        // As the counter does it: a milestone has no index.
        RecordedEvent recorded = event instanceof MilestoneReached reached
                ? new RecordedEvent(0, reached.petition() + ":" + reached.threshold(), trace, event)
                : new RecordedEvent(index, "test:" + index, trace, event);
        publish(recorded);
        return recorded;
    }

    static void publish(RecordedEvent recorded) {
        Event event = recorded.event();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(EventType.of(event)), CloudEvent.key(event).getBytes(), EventJson.data(event));
        CloudEvent.headers(recorded, MAC).forEach(record.headers()::add);
        PRODUCER.send(record);
        PRODUCER.flush();
    }

    /** Publishes a record that is genuine but for its MAC. */
    static void publishForged(Event event) {
        RecordedEvent recorded =
                new RecordedEvent(INDEX.get() + 1, "forged:" + UUID.randomUUID(), Optional.empty(), event);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(EventType.of(event)), CloudEvent.key(event).getBytes(), EventJson.data(event));
        CloudEvent.headers(recorded).forEach(record.headers()::add);
        PRODUCER.send(record);
        PRODUCER.flush();
    }

    void published() {
        published(100);
    }

    void published(long goal) {
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

    SignatureId signer(String address) {
        SignatureId id = new SignatureId(UUID.randomUUID());
        ADDRESSES.put(id.toString(), address);
        return id;
    }

    RecordedEvent signs(SignatureId id) {
        return happens(new PetitionSigned(
                id, petition, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
    }

    List<MimeMessage> mailsTo(String address) {
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

    MimeMessage mail(String address, int number) {
        await().atMost(TIMEOUT).until(() -> mailsTo(address).size() >= number);
        return mailsTo(address).get(number - 1);
    }

    static String part(MimeMessage mail, int part) throws Exception {
        return ((MimeMultipart) mail.getContent())
                .getBodyPart(part)
                .getContent()
                .toString();
    }

    JsonNode deliveries(String query) {
        return JSON.readTree(
                call("GET", "/api/deliveries?petition=" + petition + query, "").body());
    }

    HttpResponse<String> call(String method, String path, String body) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .header("Content-Type", "application/json")
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(
                                                                    ("organiser:" + ORGANISER_PASSWORD).getBytes()))
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
