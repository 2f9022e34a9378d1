package org.countersign.signature.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.altcha.altcha.Altcha;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.RunningService;
import org.countersign.signature.eventlog.HeldSignings;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A petition under attack asks for a proof of work, and gives signers without scripts a slower way. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.proof.max-number=2000",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class ProofOverHttpTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long DELAY_MILLIS = Duration.ofMinutes(5).toMillis();

    @Autowired
    private ProofOfWork proofs;

    @Autowired
    private ProofStore store;

    @Autowired
    private HeldSignings calls;

    /** Has a petition be under attack by one mail domain, as the detector would note it. */
    private String petitionUnderAttack() {
        String petition = publishedPetition();
        awaitPetitionNumber(petition);
        database.sql("""
                        insert into signing_attack (petition, since, seen, reported)
                        select id, now(), now(), true from petition_name where slug = ?""").param(petition).update();
        await().atMost(TIMEOUT)
                .until(() -> get("/api/petitions/" + petition + "/challenge").status() == 200);
        return petition;
    }

    private void awaitPetitionNumber(String petition) {
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from petition_name where slug = ?")
                                .param(petition)
                                .query(Long.class)
                                .single()
                        == 1);
    }

    private JsonNode challenge(String petition) {
        HttpProbe.Response response = get("/api/petitions/" + petition + "/challenge");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        return response.json();
    }

    /** Solves a challenge with ALTCHA's own library. */
    private static long solve(JsonNode challenge) {
        try {
            return Altcha.solveChallenge(
                            challenge.get("challenge").asString(),
                            challenge.get("salt").asString(),
                            Altcha.Algorithm.SHA256,
                            challenge.get("maxnumber").asInt(),
                            0)
                    .number;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String solution(JsonNode challenge) {
        return payload(challenge, Map.of("number", solve(challenge)));
    }

    private static String payload(JsonNode challenge, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>();
        for (String field : List.of("algorithm", "challenge", "salt", "signature")) {
            fields.put(field, challenge.get(field).asString());
        }
        fields.putAll(more);
        return Base64.getEncoder()
                .encodeToString(JSON.writeValueAsString(fields).getBytes(StandardCharsets.UTF_8));
    }

    private HttpProbe.Response sign(String petition, String email, String solution) {
        return post(
                "/api/petitions/" + petition + "/signatures",
                JSON.writeValueAsString(
                        Map.of("name", "Sona", "email", email, "country", "AM", ProofOfWork.FIELD, solution)),
                "X-Forwarded-For",
                "10.1.2.3");
    }

    private long signed(String petition) {
        return database.sql("""
                        select count(*) from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type = 10""").param(petition).query(Long.class).single();
    }

    private Map<String, Long> held(String petition) {
        return database
                .sql("""
                        select h.rule, count(*) from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ? group by h.rule""")
                .param(petition)
                .query((row, number) -> Map.entry(row.getString(1), row.getLong(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void a_sender_with_a_proof_signs_at_once_and_one_without_is_told_that_it_is_missing() {
        String petition = petitionUnderAttack();
        HttpProbe.Response proved = sign(petition, "proved@people.test", solution(challenge(petition)));
        HttpProbe.Response unproved = sign(petition, "unproved@people.test", "");
        assertThat(proved.status()).isEqualTo(202);
        assertThat(unproved.status()).isEqualTo(202);
        assertThat(unproved.body()).isEqualTo(proved.body());
        assertThat(proved.headers().firstValue("Proof-Of-Work")).isEmpty();
        assertThat(unproved.headers().firstValue("Proof-Of-Work")).hasValue("missing");
        assertThat(signed(petition)).isEqualTo(1);
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from signing_signal s join petition_name p "
                                        + "on p.id = s.petition where p.slug = ? and s.proof")
                                .param(petition)
                                .query(Long.class)
                                .single()
                        == 1);
    }

    @Test
    void a_petition_that_nobody_attacks_asks_for_nothing() {
        String petition = publishedPetition();
        HttpProbe.Response response = get("/api/petitions/" + petition + "/challenge");
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(sign(petition, "sona@people.test", "").status()).isEqualTo(202);
        assertThat(held(petition)).isEmpty();
        assertThat(page(petition).select("form[data-challenge], input[name=altcha], noscript"))
                .isEmpty();
        assertThat(get("/api/petitions/nowhere/challenge").status()).isEqualTo(404);
    }

    @Test
    void a_solved_challenge_is_good_for_one_signer() {
        String petition = petitionUnderAttack();
        String solution = solution(challenge(petition));
        assertThat(sign(petition, "first@people.test", solution).status()).isEqualTo(202);
        assertThat(sign(petition, "second@people.test", solution).status()).isEqualTo(202);
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));
        // The signer whose answer was lost sends the form again.
        assertThat(sign(petition, "first@people.test", solution).status()).isEqualTo(202);
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));
    }

    @Test
    void a_signer_who_repeats_the_call_with_a_proof_signs_at_once_and_gets_one_mail() {
        String petition = petitionUnderAttack();
        sign(petition, "repeats@people.test", "");
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));
        assertThat(sign(petition, "repeats@people.test", solution(challenge(petition)))
                        .status())
                .isEqualTo(202);
        assertThat(held(petition)).isEmpty();
        assertThat(signed(petition)).isEqualTo(1);
    }

    @Test
    void of_many_senders_at_once_one_can_use_a_solution() {
        String petition = petitionUnderAttack();
        String solution = solution(challenge(petition));
        long used = IntStream.range(0, 40)
                .parallel()
                .filter(i -> proofs.use(new PetitionSlug(petition), solution, new SignatureId(UUID.randomUUID())))
                .count();
        assertThat(used).isEqualTo(1);
    }

    @Test
    void a_wrong_solution_is_rejected_and_the_answer_names_the_field() {
        String petition = petitionUnderAttack();
        String other = petitionUnderAttack();
        JsonNode challenge = challenge(petition);
        long number = solve(challenge);
        String salt = challenge.get("salt").asString();
        String digits = Long.toString(number);
        for (String wrong : List.of(
                "nonsense",
                "bm9uc2Vuc2U=",
                "x".repeat(5000),
                payload(challenge, Map.of("number", number + 1)),
                payload(challenge, Map.of("number", -1)),
                payload(challenge, Map.of("number", number, "signature", "00".repeat(32))),
                payload(challenge, Map.of("number", number, "algorithm", "SHA-1")),
                // The first digit of the number becomes the end of the salt.
                payload(challenge, Map.of("number", digits.substring(1), "salt", salt + digits.charAt(0))),
                payload(challenge, Map.of("number", number, "salt", salt.replace("expires=1", "expires=2"))),
                solution(challenge(other)))) {
            HttpProbe.Response refused = sign(petition, "sona@people.test", wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("altcha");
            assertThat(refused.json().at("/errors/0/message").asString()).contains("get a new challenge");
        }
        assertThat(signed(petition)).isZero();
        assertThat(held(petition)).isEmpty();
    }

    @Test
    void an_expired_challenge_and_one_from_before_a_crash_of_the_database_are_no_proof() {
        String petition = petitionUnderAttack();
        ProofOfWork earlier =
                new ProofOfWork(store, 2000, Clock.fixed(Instant.now().minus(Duration.ofMinutes(21)), ZoneOffset.UTC));
        JsonNode expired = JSON.valueToTree(earlier.challenge(new PetitionSlug(petition)));
        assertThat(sign(petition, "late@people.test", solution(expired)).status())
                .isEqualTo(202);
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));

        JsonNode old = challenge(petition);
        database.sql("delete from proof_key").update();
        assertThat(sign(petition, "crash@people.test", solution(old)).status()).isEqualTo(202);
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 2L));
        await().atMost(TIMEOUT)
                .until(() -> proofs.use(
                        new PetitionSlug(petition), solution(challenge(petition)), new SignatureId(UUID.randomUUID())));
    }

    @Test
    void without_a_proof_the_mail_comes_later_unless_the_call_looks_like_the_attack() {
        String petition = petitionUnderAttack();
        sign(petition, "slow@people.test", "");
        sign(petition, "bot@evil.test", "");
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from signing_signal s join petition_name p "
                                        + "on p.id = s.petition where p.slug = ?")
                                .param(petition)
                                .query(Long.class)
                                .single()
                        == 2);
        // The detector finds the domain of the newest call meanwhile.
        database.sql("""
                        insert into signing_anomaly (petition, since, kind, day, key, share, calls, held, seen)
                        select a.petition, a.since, 'domain', cast(now() at time zone 'UTC' as date), s.domain,
                            1, 1, 1, now()
                        from signing_attack a join petition_name p on p.id = a.petition
                        join held_signing h on h.petition = a.petition join signing_signal s on s.stream = h.stream
                        where p.slug = ? order by h.time desc limit 1""").param(petition).update();
        calls.settle("proof-of-work", Duration.ofMillis(DELAY_MILLIS));
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 2L));
        database.sql("update held_signing set held_at = held_at - ?")
                .param(DELAY_MILLIS)
                .update();
        calls.settle("proof-of-work", Duration.ofMillis(DELAY_MILLIS));
        assertThat(held(petition)).isEqualTo(Map.of("anomaly-domain", 1L));
        await().atMost(TIMEOUT).until(() -> signed(petition) == 1);
    }

    private Document page(String petition) {
        return Jsoup.parse(get("/petitions/" + petition).body());
    }

    /** Sends the form of a petition as a browser does. */
    private HttpProbe.Response submit(String petition, Map<String, String> more) {
        HttpProbe.Response opened = get("/petitions/" + petition);
        String cookie = opened.headers().allValues("Set-Cookie").stream()
                .map(header -> header.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
        Map<String, String> fields = new LinkedHashMap<>(
                Map.of("name", "Sona Signer", "email", "form@people.test", "country", "AM", "language", "en"));
        fields.put(
                "_csrf",
                Objects.requireNonNull(Jsoup.parse(opened.body()).selectFirst("input[name=_csrf]"))
                        .attr("value"));
        fields.putAll(more);
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(uri("/petitions/" + petition))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                "X-Forwarded-For",
                "10.1.2.3",
                "Accept-Language",
                "en");
    }

    @Test
    void the_form_asks_for_the_proof_and_tells_signers_without_scripts_that_their_mail_takes_longer() {
        String petition = petitionUnderAttack();
        Document page = page(petition);
        assertThat(page.select("form[data-challenge]").attr("data-challenge"))
                .isEqualTo("/api/petitions/" + petition + "/challenge");
        assertThat(page.select("input[name=altcha]")).hasSize(1);
        assertThat(page.select("noscript").html()).contains("about 5 minutes later", "name=\"later\"");

        // A page from before the attack.
        HttpProbe.Response asked = submit(petition, Map.of());
        assertThat(asked.status()).isEqualTo(422);
        Document again = Jsoup.parse(asked.body());
        assertThat(again.select("p[role=alert]").text()).contains("short calculation");
        assertThat(again.select("input[name=email]").attr("value")).isEqualTo("form@people.test");
        assertThat(held(petition)).isEmpty();

        HttpProbe.Response later = submit(petition, Map.of("later", "true"));
        assertThat(later.headers().firstValue("Location"))
                .hasValueSatisfying(url -> assertThat(url).endsWith("/petitions/" + petition + "/later"));
        assertThat(get("/petitions/" + petition + "/later").body()).contains("in about 5 minutes");
        assertThat(held(petition)).isEqualTo(Map.of("proof-of-work", 1L));

        HttpProbe.Response proved =
                submit(petition, Map.of("email", "proved@people.test", "altcha", solution(challenge(petition))));
        assertThat(proved.headers().firstValue("Location"))
                .hasValueSatisfying(url -> assertThat(url).endsWith("/petitions/" + petition + "/signed"));
        assertThat(signed(petition)).isEqualTo(1);
    }
}
