package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What is known about a sign call for a few days, and when it goes. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class SigningSignalsTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 100;
    private static final String HOLD_EVIL = """
            {"hold":{"domains":["evil.test"]},"limits":{},"reason":"a bot signs from there"}""";

    @Autowired
    private SignalStore store;

    /** A stored signal as the owner of the database sees it. */
    private record Signal(
            String stream,
            long domain,
            long network,
            long wider,
            int form,
            boolean generated,
            boolean shared,
            boolean proof,
            boolean held,
            short country,
            short language) {}

    private List<Signal> signals(String petition) {
        return database.sql("""
                        select s.stream::text, s.domain, s.network, s.wider, s.form, s.generated, s.shared, s.proof,
                            s.held, s.country, s.language
                        from signing_signal s join petition_name p on p.id = s.petition
                        where p.slug = ? order by s.at""").param(petition).query(Signal.class).list();
    }

    private List<Signal> awaitSignals(String petition, int number) {
        await().atMost(TIMEOUT)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(signals(petition)).hasSize(number));
        return signals(petition);
    }

    private Signal onlySignal(String petition) {
        return awaitSignals(petition, 1).get(0);
    }

    private Signal signalOf(String email, String network) {
        String petition = publishedPetition();
        signFrom(network, petition, email, Map.of());
        return onlySignal(petition);
    }

    private void signFrom(String network, String petition, String email, Map<String, Object> more) {
        Map<String, Object> form = new TreeMap<>(Map.of("name", "Sona Signer", "email", email, "country", "AM"));
        form.putAll(more);
        HttpProbe.Response response = post(
                "/api/petitions/" + petition + "/signatures",
                JSON.writeValueAsString(form),
                "X-Forwarded-For",
                network);
        assertThat(response.status()).isEqualTo(202);
    }

    private void holdEvil(String petition) {
        assertThat(new HttpProbe(port)
                        .sendJson("PUT", "/api/petitions/" + petition + "/rules", HOLD_EVIL, as(ORGANISER))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void each_sign_call_leaves_signals_whether_or_not_it_is_held() {
        String petition = publishedPetition();
        holdEvil(petition);
        signFrom("198.51.100.7", petition, "sona.signer@town.test", Map.of());
        awaitSignals(petition, 1);
        signFrom("198.51.100.200", petition, "qzxkwjvbfh@evil.test", Map.of("language", "hy-AM"));
        List<Signal> signals = awaitSignals(petition, 2);
        assertThat(signals).extracting(Signal::language).containsExactly(LetterCode.NONE, LetterCode.of("hy"));
        assertThat(signals).extracting(Signal::held).containsExactly(false, true);
        assertThat(signals).extracting(Signal::generated).containsExactly(false, true);
        assertThat(signals).extracting(Signal::proof).containsOnly(false);
        assertThat(signals).extracting(Signal::country).containsOnly(LetterCode.of("AM"));
        assertThat(signals).extracting(Signal::form).containsOnly(SigningSignal.UNKNOWN);
        assertThat(signals.get(0).network())
                .as("one /24")
                .isEqualTo(signals.get(1).network());
        assertThat(signals.get(0).domain()).isNotEqualTo(signals.get(1).domain());
        assertThat(signals.get(0).stream()).isEqualTo(onlySignature(petition));
    }

    @Test
    void subdomains_and_addresses_of_one_network_have_the_same_hash() {
        Signal first = signalOf("a@a1.rotating.test", "2001:db8:1:1::7");
        Signal second = signalOf("b@a2.rotating.test", "2001:db8:1:2::9");
        Signal third = signalOf("c@other.test", "2001:db8:1:2::a");
        assertThat(second.domain()).isEqualTo(first.domain()).isNotEqualTo(third.domain());
        assertThat(second.network()).as("a /64").isEqualTo(third.network()).isNotEqualTo(first.network());
        assertThat(second.wider()).as("a /48").isEqualTo(first.wider());
    }

    @Test
    void a_domain_that_many_strangers_share_is_marked() {
        assertThat(signalOf("sona@gmail.com", "198.51.100.7").shared()).isTrue();
        assertThat(signalOf("sona@students.old-town.edu", "198.51.100.7").shared())
                .isTrue();
        assertThat(signalOf("sona@old-town.ac.uk", "198.51.100.7").shared()).isTrue();
        assertThat(signalOf("sona@evil.ac.test", "198.51.100.7").shared()).isFalse();
        assertThat(signalOf("sona@town.test", "198.51.100.7").shared()).isFalse();
    }

    @Test
    void the_hashes_of_another_day_cannot_be_compared() {
        Signal today = signalOf("a@town.test", "198.51.100.7");
        database.sql("update signing_signal_key set secret = sha256(secret)").update();
        Signal otherDay = signalOf("a@town.test", "198.51.100.7");
        assertThat(otherDay.domain()).isNotEqualTo(today.domain());
        assertThat(otherDay.network()).isNotEqualTo(today.network());
    }

    private HttpProbe.Response page(String petition) {
        return get("/petitions/" + petition);
    }

    private static String formTime(HttpProbe.Response page) {
        return Jsoup.parse(page.body()).select("form#sign input[name=form]").attr("value");
    }

    @Test
    void the_form_of_the_page_tells_how_long_it_was_open() throws InterruptedException {
        String petition = publishedPetition();
        page(petition);
        HttpProbe.Response cached = page(petition);
        Document document = Jsoup.parse(cached.body());
        Thread.sleep(2_100);
        String body = "_csrf=" + document.select("input[name=_csrf]").attr("value") + "&form=" + formTime(cached)
                + "&name=Sona&country=AM&email=" + URLEncoder.encode("sona@town.test", StandardCharsets.UTF_8);
        HttpProbe.Response signed = send(HttpRequest.newBuilder(uri("/petitions/" + petition))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Cookie",
                        cached.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0])
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(signed.status()).isEqualTo(302);
        assertThat(onlySignal(petition).form()).isBetween(2, 20);
    }

    @Test
    void a_form_with_mistakes_keeps_the_time_at_which_it_was_first_shown() throws InterruptedException {
        String petition = publishedPetition();
        HttpProbe.Response first = page(petition);
        Thread.sleep(1_100);
        assertThat(formTime(page(petition))).isNotEqualTo(formTime(first));
        String body =
                "_csrf=" + Jsoup.parse(first.body()).select("input[name=_csrf]").attr("value") + "&form="
                        + formTime(first) + "&name=Sona&country=AM&email=none";
        HttpProbe.Response again = send(HttpRequest.newBuilder(uri("/petitions/" + petition))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Cookie",
                        first.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0])
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(again.status()).isEqualTo(422);
        assertThat(formTime(again)).isEqualTo(formTime(first));
    }

    @Test
    void a_forged_time_and_that_of_another_petition_count_as_unknown() {
        String petition = publishedPetition();
        String honest = formTime(page(petition));
        List<String> given = List.of(
                honest,
                "B" + honest.substring(1),
                honest + "A",
                "",
                "x".repeat(5000),
                formTime(page(publishedPetition())));
        for (int i = 0; i < given.size(); i++) {
            signFrom("198.51.100.7", petition, "signer" + i + "@town.test", Map.of("form", given.get(i)));
            awaitSignals(petition, i + 1);
        }
        assertThat(signals(petition)).extracting(Signal::form).first().isNotEqualTo(SigningSignal.UNKNOWN);
        assertThat(signals(petition).subList(1, given.size()))
                .extracting(Signal::form)
                .containsOnly(SigningSignal.UNKNOWN);
    }

    @Test
    void erasure_and_withdrawal_delete_the_signals_of_the_signer_only() {
        String petition = publishedPetition();
        signFrom("198.51.100.7", petition, "erased@town.test", Map.of());
        String erased = onlySignature(petition);
        signFrom("198.51.100.7", petition, "leaver@town.test", Map.of());
        String leaver = newestSignature(petition);
        signFrom("198.51.100.7", petition, "stays@town.test", Map.of());
        String stays = newestSignature(petition);
        awaitSignals(petition, 3);
        withToken("withdraw", mailData(leaver, 1).withdrawToken());
        post("/api/signatures/" + erased + "/erase", "", as(ORGANISER));
        assertThat(awaitSignals(petition, 1)).extracting(Signal::stream).containsExactly(stays);
    }

    @Test
    void dismissal_deletes_the_signals_and_a_release_keeps_them() {
        String petition = publishedPetition();
        holdEvil(petition);
        for (String name : List.of("one", "two", "three", "four")) {
            signFrom("198.51.100.7", petition, name + "@evil.test", Map.of());
        }
        awaitSignals(petition, 4);
        List<String> ids = new ArrayList<>();
        get("/api/petitions/" + petition + "/held", as(ORGANISER))
                .json()
                .get("calls")
                .forEach(call -> ids.add(call.get("id").asString()));
        String held = "/api/petitions/" + petition + "/held/";
        post(held + "release", JSON.writeValueAsString(Map.of("ids", ids.subList(0, 1))), as(ORGANISER));
        HttpProbe.Response dismissed =
                post(held + "dismiss", JSON.writeValueAsString(Map.of("ids", ids.subList(1, 2))), as(ORGANISER));
        assertThat(dismissed.json().get("dismissed").asLong()).isEqualTo(1);
        assertThat(signals(petition)).hasSize(3);
        HttpProbe.Response all = post(held + "dismiss", "{\"rule\":\"hold-domain:evil.test\"}", as(ORGANISER));
        assertThat(all.json().get("dismissed").asLong()).isEqualTo(2);
        assertThat(signals(petition)).hasSize(1);
    }

    @Test
    void the_erasure_of_somebody_whose_only_call_is_held_deletes_the_signals() {
        String petition = publishedPetition();
        holdEvil(petition);
        signFrom("198.51.100.7", petition, "one@evil.test", Map.of());
        String signature = onlySignal(petition).stream();
        assertThat(post("/api/signatures/" + signature + "/erase", "", as(ORGANISER))
                        .status())
                .isEqualTo(200);
        assertThat(signals(petition)).isEmpty();
    }

    private void makeDay(LocalDate day, String petition) {
        String from = day + " 00:00:00+00";
        database.sql("create unlogged table signing_signal_" + day.toString().replace("-", "")
                        + " partition of signing_signal for values from ('" + from + "') to ('" + day.plusDays(1)
                        + " 00:00:00+00')")
                .update();
        database.sql("insert into signing_signal select gen_random_uuid(), cast(? as timestamptz), 1, 2, 3, id, 4, "
                        + "false, false, false, false, 45, 0 from petition_name where slug = ?")
                .params(from, petition)
                .update();
        database.sql("insert into signing_signal_key (day, secret, made) select ?, '\\x00', millis from running_time")
                .param(day)
                .update();
    }

    private List<LocalDate> daysWithKeys() {
        return database.sql("select day from signing_signal_key order by day")
                .query(LocalDate.class)
                .list();
    }

    @Test
    void signals_and_keys_of_a_day_are_gone_after_fourteen_days() {
        String petition = publishedPetition();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate due = today.minusDays(14);
        LocalDate young = today.minusDays(13);
        makeDay(due, petition);
        makeDay(young, petition);
        assertThat(signals(petition)).hasSize(2);
        store.keep(14);
        assertThat(signals(petition)).hasSize(1);
        assertThat(daysWithKeys()).contains(young).doesNotContain(due);
        assertThat(database.sql("select to_regclass('signing_signal_' || ?) is null")
                        .param(due.toString().replace("-", ""))
                        .query(Boolean.class)
                        .single())
                .as("the file is gone, and not only its rows")
                .isTrue();
        // A clock that stands still does not keep them: the service ran for as long.
        database.sql("update signing_signal_key set made = made - ? where day = ?")
                .params(Duration.ofDays(14).toMillis(), young)
                .update();
        store.keep(14);
        assertThat(signals(petition)).isEmpty();
        assertThat(daysWithKeys()).doesNotContain(young);
    }

    @Test
    void a_sign_call_succeeds_when_its_signals_are_lost() {
        String petition = publishedPetition();
        database.sql("alter table signing_signal rename to signing_signal_away").update();
        try {
            signFrom("198.51.100.7", petition, "first@town.test", Map.of());
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(
                                    management().get("/actuator/prometheus").body())
                            .containsPattern("countersign_signals_lost_total\\S* [1-9]"));
        } finally {
            database.sql("alter table signing_signal_away rename to signing_signal")
                    .update();
        }
        assertThat(onlySignature(petition)).isNotEmpty();
        signFrom("198.51.100.7", petition, "second@town.test", Map.of());
        onlySignal(petition);
    }

    @Test
    void a_signal_takes_at_most_a_hundred_bytes_with_its_share_of_indexes() {
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        String partition = "signing_signal_" + day.toString().replace("-", "");
        database.sql("insert into signing_signal select gen_random_uuid(), cast(? as timestamptz) + n * interval "
                        + "'1 millisecond', hashint8(n), hashint8(n + 1), hashint8(n + 2), 1, 90, false, false, false, "
                        + "false, 45, 0 from generate_series(1, 50000) n")
                .param(day + " 00:00:00+00")
                .update();
        database.sql("vacuum " + partition).update();
        long bytes = database.sql("select pg_total_relation_size(cast(? as regclass))")
                .param(partition)
                .query(Long.class)
                .single();
        database.sql("truncate " + partition).update();
        assertThat(bytes / 50_000.0).isLessThan(MAX_BYTES);
    }

    @Test
    void no_other_table_no_metric_and_no_dump_holds_a_signal() {
        String petition = publishedPetition();
        signFrom("198.51.100.231", petition, "zither@quixworth.test", Map.of());
        Signal signal = onlySignal(petition);
        List<String> secrets = new ArrayList<>(List.of("quixworth", "198.51.100"));
        for (long hash : List.of(signal.domain(), signal.network())) {
            secrets.add(Long.toString(hash));
            secrets.add("%016x".formatted(hash));
        }
        List<String> found = new ArrayList<>();
        for (String table : database.sql("""
                        select format('%I.%I', schemaname, tablename) from pg_tables
                        where schemaname not in ('pg_catalog', 'information_schema')
                            and tablename not like 'signing\\_signal%' and tablename <> 'access_log'""").query(String.class).list()) {
            database.sql("select t::text from " + table + " t").query(String.class).list().stream()
                    .filter(row -> secrets.stream().anyMatch(row::contains))
                    .forEach(row -> found.add(table + ": " + row));
        }
        String metrics = management().get("/actuator/prometheus").body();
        secrets.stream().filter(metrics::contains).forEach(found::add);
        assertThat(found).isEmpty();
        assertThat(database.sql("""
                        select c.relname from pg_class c where c.relkind = 'r' and c.relpersistence <> 'u'
                            and c.relname like 'signing\\_signal%'""").query(String.class).list())
                .as("tables that a base backup would copy")
                .isEmpty();
    }
}
