package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

class LoginTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private long entries(String action, String object) {
        return database.sql("select count(*) from access_log where action = ? and object like ?")
                .params(action, object)
                .query(Long.class)
                .single();
    }

    private static String header(String credentials) {
        return "Authorization: " + HttpProbe.basic(credentials)[1];
    }

    @Test
    void guessing_is_limited_for_the_network_and_not_for_others() {
        RawHttp attacker = new RawHttp(port, "127.7.0.1");
        for (int i = 0; i < 5; i++) {
            assertThat(attacker.send("GET", "/organise", List.of(header("organiser:guess number " + i))))
                    .isEqualTo(401);
        }
        assertThat(attacker.send("GET", "/organise", List.of(header("organiser:another guess"))))
                .isEqualTo(429);
        assertThat(attacker.send("GET", "/organise", List.of(header(ORGANISER))))
                .isEqualTo(429);
        assertThat(new RawHttp(port, "127.7.0.2").send("GET", "/organise", List.of(header(ORGANISER))))
                .isEqualTo(200);
        assertThat(attacker.send("GET", "/api/petitions", List.of(header("organiser:another guess"))))
                .as("public calls do not check credentials")
                .isEqualTo(200);
        assertThat(management().get("/actuator/prometheus").body())
                .contains("countersign_logins_total{outcome=\"limited\"}")
                .contains("countersign_logins_total{outcome=\"rejected\"}");
    }

    @Test
    void other_origins_cannot_use_stored_credentials() {
        RawHttp browser = new RawHttp(port, "127.0.0.1");
        for (String foreign : List.of(
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: cross-site",
                "Origin: null",
                "Origin: https://elsewhere.example")) {
            for (String call :
                    List.of("POST /api/petitions", "POST /organise/new", "GET /organise", "GET /api/audit/replay")) {
                String[] parts = call.split(" ");
                assertThat(browser.send(parts[0], parts[1], List.of(header(ORGANISER), foreign)))
                        .as(call + " with " + foreign)
                        .isEqualTo(403);
            }
            assertThat(browser.send("POST", "/api/petitions/no-such/signatures", List.of(foreign)))
                    .isEqualTo(403);
        }
        assertThat(browser.send("POST", "/api/petitions", List.of(header(ORGANISER), "Sec-Fetch-Site: same-origin")))
                .isEqualTo(422);
        assertThat(browser.send(
                        "GET",
                        "/organise",
                        List.of(
                                header(ORGANISER),
                                "Sec-Fetch-Site: cross-site",
                                "Sec-Fetch-Mode: navigate",
                                "Sec-Fetch-Dest: document")))
                .as("a link in a mail opens the page")
                .isEqualTo(200);
    }

    @Test
    void a_mail_program_unsubscribes_with_one_click() {
        assertThat(new RawHttp(port, "127.0.0.1").send("POST", "/unsubscribe?token=x", List.of()))
                .isNotIn(401, 403, 405);
        assertThat(new RawHttp(port, "127.0.0.1")
                        .send("POST", "/unsubscribe?token=x", List.of("Origin: https://mail.example")))
                .isNotIn(401, 403, 405);
    }

    @Test
    void exports_reads_and_changes_leave_an_entry() {
        String petition = publishedPetition();
        TestMail mail =
                signAndConfirm(petition, Map.of("name", "Sona Signer", "email", "logged@example.org", "country", "AM"));
        String signature = onlySignature(petition);
        for (String format : List.of("csv", "ndjson")) {
            assertThat(get("/api/petitions/" + petition + "/signatures." + format, as(ORGANISER))
                            .status())
                    .isEqualTo(200);
        }
        get("/api/signatures/mine?token=" + mail.myDataToken());
        get("/my-data?token=" + mail.myDataToken());
        get("/api/signatures/" + signature + "/history", as(AUDITOR));
        post("/api/signatures/" + signature + "/invalidate", "{\"reason\":\"a test\"}", as(ORGANISER));
        post("/api/signatures/" + signature + "/reinstate", "{\"reason\":\"a test\"}", as(ORGANISER));
        post("/api/signatures/" + signature + "/erase", "", as(ORGANISER));
        new RawHttp(port, "127.8.0.1").send("GET", "/audit", List.of(header("auditor:wrong password")));
        assertThat(get("/api/petitions/" + petition + "/signatures.csv", as(AUDITOR))
                        .status())
                .isEqualTo(403);
        assertThat(entries("refused", "GET /api/petitions/{petition}/signatures.csv"))
                .isGreaterThan(0);
        assertThat(entries("export signatures", petition)).isEqualTo(2);
        await().atMost(TIMEOUT).until(() -> entries("exported signatures", petition) == 2);
        assertThat(entries("read own data", signature)).isEqualTo(2);
        for (String action :
                List.of("read signature history", "invalidate signature", "reinstate signature", "erase signature")) {
            assertThat(entries(action, signature)).as(action).isEqualTo(1);
        }
        HttpProbe.Response log = get("/api/access-log?from=2020-01-01T00:00:00Z", as(AUDITOR));
        assertThat(log.status()).isEqualTo(200);
        assertThat(log.body()).endsWith("{\"is\":\"end\"}\n").doesNotContain("logged@example.org", "wrong password");
        List<JsonNode> lines = log.body().lines().map(JSON::readTree).toList();
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("action").asString("")).isEqualTo("failed login");
            assertThat(line.path("user").asString("")).isEqualTo("auditor");
            assertThat(line.path("network").asString("")).isEqualTo("127.8.0.0/24");
        });
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("action").asString("")).isEqualTo("exported signatures");
            assertThat(line.path("object").asString("")).isEqualTo(petition);
            assertThat(line.path("user").asString("")).isEqualTo("organiser");
            assertThat(line.path("rows").asLong(-1)).isEqualTo(1);
        });
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.path("action").asString("")).isEqualTo("login"));
        assertThat(get("/api/access-log?from=yesterday", as(AUDITOR)).status()).isEqualTo(422);
    }

    @Test
    void nothing_is_exported_without_an_entry() {
        String petition = publishedPetition();
        database.sql("alter table access_log add constraint full_disk check (action <> 'export signatures') not valid")
                .update();
        try {
            HttpProbe.Response refused = get("/api/petitions/" + petition + "/signatures.csv", as(ORGANISER));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).doesNotContain("name,email");
        } finally {
            database.sql("alter table access_log drop constraint full_disk").update();
        }
    }

    @Test
    void entries_cannot_be_changed_or_removed() {
        publishedPetition();
        for (String change : List.of(
                "update access_log set user_name = 'nobody'", "delete from access_log", "truncate access_log")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> database.sql(change).update()))
                    .as(change)
                    .isInstanceOf(DataAccessException.class);
        }
        database.sql("insert into access_log (at, user_name, action, object, network) "
                        + "values (now() - interval '400 days', 'x', 'old', '', 'x')")
                .update();
        database.sql("delete from access_log where at < now() - interval '365 days'")
                .update();
        assertThat(entries("old", "")).isZero();
    }
}
