package org.countersign.signature;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.countersign.events.EventType;
import org.countersign.testkit.HttpProbe;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the whole service on a free port, for tests that send HTTP requests. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "countersign.limit.exempt=127.0.0.0/8,::1",
            "countersign.warm-up.limit=0s",
            "countersign.notice.controller=Neighbours of Mill Street",
            "countersign.notice.contact=privacy@millstreet.example",
            "countersign.notice.purpose=To hand the petition over",
            "countersign.notice.recipients=The recipients of the petition",
            "countersign.notice.retention=Until 180 days after the petition closes"
        })
public abstract class ServiceUnderTest {

    protected static final String ORGANISER = "organiser:a password for tests";
    protected static final String AUDITOR = "auditor:another password for tests";
    protected static final String INTERNAL = "a machine's secret for tests";
    protected static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String NEWEST_SIGNATURE = """
            select e.stream::text from event e join petition_name p on p.id = e.petition
            where p.slug = ? and e.type >= 10 order by e.global_index desc limit 1""";

    @LocalServerPort
    protected int port;

    @LocalManagementPort
    protected int managementPort;

    /** The database with the rights of its owner. */
    protected JdbcClient database;

    @Autowired
    void connectAsOwner(Environment settings) {
        database = JdbcClient.create(new DriverManagerDataSource(
                settings.getRequiredProperty("spring.datasource.url"),
                settings.getProperty("spring.flyway.user", settings.getRequiredProperty("spring.datasource.username")),
                settings.getRequiredProperty("spring.datasource.password")));
    }

    protected final HttpClient client = HttpClient.newHttpClient();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("countersign.keys.signature-id", () -> key(1));
        properties.add("countersign.keys.personal-data", () -> key(2));
        properties.add("countersign.keys.token", () -> key(3));
        properties.add("countersign.keys.log", () -> key(4));
        properties.add("countersign.keys.event", () -> key(5));
        properties.add("countersign.organiser.password", () -> ORGANISER.split(":")[1]);
        properties.add("countersign.auditor.password", () -> AUDITOR.split(":")[1]);
        properties.add("countersign.internal.password", () -> INTERNAL);
        properties.add("countersign.expiry.every", () -> "500ms");
    }

    protected static String key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return "1:" + Base64.getEncoder().encodeToString(key);
    }

    private HttpProbe probe() {
        return new HttpProbe(port);
    }

    /** Calls the management port. */
    protected HttpProbe management() {
        return new HttpProbe(managementPort);
    }

    protected HttpProbe.Response post(String path, String body, String... headers) {
        return probe().sendJson("POST", path, body, headers);
    }

    protected HttpProbe.Response get(String path, String... headers) {
        return probe().get(path, headers);
    }

    protected URI uri(String path) {
        return probe().uri(path);
    }

    protected HttpProbe.Response send(HttpRequest.Builder request, String... headers) {
        return probe().send(request, headers);
    }

    /** Reads a response that is not text. */
    protected HttpResponse<byte[]> bytes(String path, String... headers) {
        return probe().send(HttpRequest.newBuilder(uri(path)), HttpResponse.BodyHandlers.ofByteArray(), headers);
    }

    protected static String[] as(String credentials) {
        return HttpProbe.basic(credentials);
    }

    protected static String petition(String slug) {
        return JSON.writeValueAsString(Map.of(
                "slug",
                slug,
                "title",
                "A bench under the lime tree",
                "statement",
                "Please put a *bench* there.",
                "recipients",
                java.util.List.of("The Town Council"),
                "goal",
                100,
                "organiser",
                Map.of("name", "Olga Organiser", "email", "olga@example.org")));
    }

    /** Publishes a petition with a new slug and returns the slug. */
    protected String publishedPetition() {
        String slug = "bench-" + UUID.randomUUID();
        HttpProbe.Response response = post("/api/petitions", petition(slug), as(ORGANISER));
        if (response.status() != 201) {
            throw new IllegalStateException("The petition was not published: " + response);
        }
        return slug;
    }

    protected static String form(String name, String email) {
        return JSON.writeValueAsString(Map.of("name", name, "email", email, "country", "AM", "updates", true));
    }

    protected HttpProbe.Response sign(String petition, String email) {
        return post("/api/petitions/" + petition + "/signatures", form("Sona Signer", email));
    }

    /** Signs and confirms, and returns the mail data of the signer. */
    protected TestMail signAndConfirm(String petition, Map<String, Object> form) {
        post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(form));
        String signature = newestSignature(petition);
        TestMail mail = mailData(signature, 1);
        withToken("verify", mail.confirmToken());
        return mail;
    }

    /** Returns the id of the signature of the petition that changed last. */
    protected String newestSignature(String petition) {
        return database.sql(NEWEST_SIGNATURE)
                .param(petition)
                .query(String.class)
                .single();
    }

    /** Returns the id of the only signature of the petition. */
    protected String onlySignature(String petition) {
        return database.sql("""
                        select distinct e.stream::text from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type >= ?""")
                .params(petition, EventType.FIRST_SIGNATURE_CODE)
                .query(String.class)
                .single();
    }

    /** The mail data of a signer, with the tokens of its links. */
    protected record TestMail(JsonNode data) {

        public String confirmToken() {
            return token("confirm");
        }

        public String withdrawToken() {
            return token("withdraw");
        }

        public String unsubscribeToken() {
            return token("unsubscribe");
        }

        public String myDataToken() {
            return token("myData");
        }

        public JsonNode get(String property) {
            return data.get(property);
        }

        private String token(String link) {
            return data.get("links").get(link).asString().replaceFirst(".*\\?token=", "");
        }
    }

    /** Reads the mail data of a signature as the notifier does. */
    protected TestMail mailData(String signature, int round) {
        return mailData("{\"petition\":\"any\",\"signature\":\"" + signature + "\",\"round\":" + round + "}");
    }

    /** Reads the mail data for a request as the notifier does. */
    protected TestMail mailData(String request) {
        return new TestMail(management()
                .sendJson("POST", "/internal/mail-data", "[" + request + "]", "Authorization", "Bearer " + INTERNAL)
                .json()
                .get(0));
    }

    /** Lets all events so far count as old: {@code LogAge} measures their age in running time. */
    protected void ageAllEvents(int days) {
        database.sql("""
                        insert into log_age (millis, last_index)
                        select r.millis - ? * bigint '86400000', h.last_index from running_time r, log_head h
                        on conflict (millis) do update set last_index = excluded.last_index""").param(days).update();
    }

    protected HttpProbe.Response withToken(String action, String token) {
        return post("/api/signatures/" + action, JSON.writeValueAsString(Map.of("token", token)));
    }
}
