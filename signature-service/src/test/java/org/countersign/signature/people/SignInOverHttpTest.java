package org.countersign.signature.people;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.support.access.Caller;
import org.countersign.support.access.CallerSource;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.mock.web.MockHttpServletRequest;

class SignInOverHttpTest extends RunningService {

    private static final String PASSWORD = "twelve plain words";

    @Autowired
    private PersonDirectory people;

    @Autowired
    private PersonCredentials credentials;

    @Autowired
    private PersonSessions sessions;

    @Autowired
    @Qualifier("sessionCallerSource")
    private CallerSource callers;

    private record TestPerson(UUID id, String email, byte[] secret, List<String> recoveryCodes) {

        String code() {
            return codeAt(Instant.now());
        }

        String codeAt(Instant time) {
            return TotpCodes.at(secret, time);
        }
    }

    private TestPerson person() {
        String email = "ani-" + UUID.randomUUID() + "@example.org";
        byte[] secret = UUID.randomUUID().toString().substring(0, 20).getBytes(StandardCharsets.US_ASCII);
        UUID id = people.create("Ani Editor", EmailAddress.parse(email), false);
        return new TestPerson(id, email, secret, credentials.create(id, PASSWORD, secret, 0));
    }

    private PersonBrowser browser() {
        return new PersonBrowser(port);
    }

    private PersonBrowser withPassword(TestPerson person) {
        return browser().open("/sign-in").submit("/sign-in", "email", person.email(), "password", PASSWORD);
    }

    private PersonBrowser signedIn(TestPerson person) {
        PersonBrowser browser = withPassword(person).submit("/sign-in/code", "code", person.code());
        assertThat(browser.location()).isEqualTo("/account");
        // The next code of the same half minute would be a replay.
        database.sql("update person_credential set code_step = 0").update();
        return browser;
    }

    @Test
    void a_person_signs_in_with_password_and_code_and_signs_out() {
        TestPerson person = person();
        PersonBrowser browser = signedIn(person);
        String cookie = browser.last.headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("session="))
                .findFirst()
                .orElseThrow();
        assertThat(cookie)
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .contains("Path=/")
                .doesNotContain("Secure");
        browser.open("/account");
        assertThat(browser.last.status()).isEqualTo(200);
        assertThat(browser.last.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(browser.page().text()).contains("Ani Editor", person.email(), "Recovery codes left: 10");
        Map<String, String> kept = Map.copyOf(browser.cookies);
        browser.submit("/account/sign-out");
        browser.cookies.putAll(kept);
        assertThat(browser.open("/account").location()).startsWith("/sign-in");
        assertThat(database.sql("select count(*) from access_log where user_name = ? and action in (?, ?)")
                        .params("person " + person.id(), "sign in", "sign out")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void a_code_and_a_recovery_code_are_good_once() {
        TestPerson person = person();
        String code = person.code();
        assertThat(withPassword(person)
                        .submit("/sign-in/code", "code", code)
                        .last
                        .status())
                .isEqualTo(302);
        assertThat(withPassword(person)
                        .submit("/sign-in/code", "code", code)
                        .last
                        .status())
                .isEqualTo(422);
        String recovery = person.recoveryCodes().get(3).toLowerCase(java.util.Locale.ROOT);
        assertThat(withPassword(person)
                        .submit("/sign-in/code", "code", recovery)
                        .last
                        .status())
                .isEqualTo(302);
        assertThat(withPassword(person)
                        .submit("/sign-in/code", "code", recovery)
                        .last
                        .status())
                .isEqualTo(422);
    }

    @Test
    void an_app_whose_clock_is_wrong_by_20_seconds_works() {
        for (int seconds : new int[] {-20, 20}) {
            TestPerson person = person();
            String code = person.codeAt(Instant.now().plusSeconds(seconds));
            assertThat(withPassword(person)
                            .submit("/sign-in/code", "code", code)
                            .last
                            .status())
                    .isEqualTo(302);
        }
    }

    @Test
    void after_five_wrong_codes_even_the_right_one_waits() {
        TestPerson person = person();
        PersonBrowser browser = withPassword(person);
        for (int i = 0; i < 5; i++) {
            browser.submit("/sign-in/code", "code", "nonsense " + i);
        }
        assertThat(browser.submit("/sign-in/code", "code", person.code()).last.status())
                .isEqualTo(422);
        database.sql("update person_credential set code_failed_at = code_failed_at - interval '16 minutes'")
                .update();
        assertThat(browser.submit("/sign-in/code", "code", person.code()).last.status())
                .isEqualTo(302);
    }

    @Test
    void an_unknown_address_is_answered_as_a_wrong_password_is() {
        TestPerson person = person();
        PersonBrowser known = browser().open("/sign-in");
        known.submit("/sign-in", "email", person.email(), "password", "not the password");
        PersonBrowser unknown = browser().open("/sign-in");
        unknown.submit("/sign-in", "email", "x" + person.email(), "password", "not the password");
        assertThat(unknown.last.status()).isEqualTo(known.last.status()).isEqualTo(422);
        assertThat(unknown.page().select(".error").text())
                .isEqualTo(known.page().select(".error").text())
                .isNotEmpty();
        long ofKnown = millis(() -> credentialsCheck(person.email()));
        long ofUnknown = millis(() -> credentialsCheck("y" + person.email()));
        // Both compute one hash. Without it, the answer would take a tenth of the time.
        assertThat(ofUnknown).isGreaterThan(ofKnown / 3);
    }

    private void credentialsCheck(String email) {
        browser().open("/sign-in").submit("/sign-in", "email", email, "password", "another wrong one");
    }

    private static long millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void guesses_of_a_password_are_limited() {
        TestPerson person = person();
        PersonBrowser browser = browser().open("/sign-in");
        for (int i = 0; i < 5; i++) {
            browser.submit("/sign-in", "email", person.email(), "password", "wrong password " + i);
        }
        browser.submit("/sign-in", "email", person.email(), "password", PASSWORD);
        assertThat(browser.last.status()).isEqualTo(429);
        assertThat(browser.last.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void very_long_input_is_an_ordinary_mistake() {
        PersonBrowser browser = browser().open("/sign-in");
        browser.submit("/sign-in", "email", "a".repeat(5000), "password", "p".repeat(5000));
        assertThat(browser.last.status()).isEqualTo(422);
        browser = withPassword(person());
        browser.submit("/sign-in/code", "code", "1".repeat(10_000));
        assertThat(browser.last.status()).isEqualTo(422);
    }

    @Test
    void every_form_needs_its_token_against_forged_requests() {
        PersonBrowser browser = signedIn(person());
        Map<String, String> cookies = Map.copyOf(browser.cookies);
        for (String form : List.of(
                "/sign-in",
                "/sign-in/code",
                "/first-operator",
                "/account/sign-out",
                "/account/sessions/end",
                "/account/sessions/end-others",
                "/account/password")) {
            assertThat(browser.post(form, Map.of()).last.status()).as(form).isEqualTo(403);
        }
        browser.cookies.putAll(cookies);
        assertThat(browser.open("/account").last.status()).isEqualTo(200);
    }

    @Test
    void a_session_id_of_before_signing_in_is_not_kept() {
        TestPerson person = person();
        PersonBrowser attacker = signedIn(person());
        PersonBrowser victim = browser().open("/sign-in");
        victim.cookies.put("session", attacker.cookies.get("session"));
        victim.submit("/sign-in", "email", person.email(), "password", PASSWORD)
                .submit("/sign-in/code", "code", person.code());
        assertThat(victim.cookies.get("session")).isNotEqualTo(attacker.cookies.get("session"));
        assertThat(victim.open("/account").page().text()).contains(person.email());
        assertThat(attacker.open("/account").location()).startsWith("/sign-in");
    }

    @Test
    void a_session_is_listed_and_can_be_ended_elsewhere() {
        TestPerson person = person();
        PersonBrowser here = signedIn(person);
        PersonBrowser there = signedIn(person);
        here.open("/account");
        assertThat(here.page().select("#sessions + ul > li")).hasSize(2);
        here.submit("/account/sessions/end");
        assertThat(there.open("/account").location()).startsWith("/sign-in?next=%2Faccount");
        PersonBrowser third = signedIn(person);
        here.open("/account").submit("/account/sessions/end-others");
        assertThat(third.open("/account").location()).startsWith("/sign-in");
        assertThat(here.open("/account").last.status()).isEqualTo(200);
    }

    @Test
    void nobody_ends_the_session_of_another_person() {
        TestPerson other = person();
        PersonBrowser theirs = signedIn(other);
        PersonBrowser mine = signedIn(person());
        signedIn(person());
        String id = theirs.cookies.get("session").split("\\.")[0];
        String csrf =
                mine.open("/account").page().select("input[name=_csrf]").first().val();
        mine.post("/account/sessions/end", Map.of("_csrf", List.of(csrf), "id", List.of(id)));
        assertThat(theirs.open("/account").last.status()).isEqualTo(200);
    }

    @Test
    void a_new_password_ends_other_sessions_and_the_old_password_at_once() {
        TestPerson person = person();
        PersonBrowser there = signedIn(person);
        PersonBrowser here = signedIn(person).open("/account");
        here.submit("/account/password", "present", "not it at all", "password", "another good one");
        assertThat(here.last.status()).isEqualTo(422);
        here.submit("/account/password", "present", PASSWORD, "password", "short");
        assertThat(here.last.status()).isEqualTo(422);
        here.submit("/account/password", "present", PASSWORD, "password", "another good one");
        assertThat(here.location()).isEqualTo("/account");
        assertThat(there.open("/account").location()).startsWith("/sign-in");
        assertThat(withPassword(person).last.status()).isEqualTo(422);
    }

    @Test
    void a_disabled_person_is_out_at_once() {
        TestPerson person = person();
        PersonBrowser browser = signedIn(person);
        people.disable(person.id());
        assertThat(browser.open("/account").location()).startsWith("/sign-in");
        assertThat(withPassword(person).last.status()).isEqualTo(422);
    }

    @Test
    void a_session_ends_after_twelve_idle_hours_and_after_seven_days() {
        PersonBrowser idle = signedIn(person());
        PersonBrowser old = signedIn(person());
        String idleId = idle.cookies.get("session").split("\\.")[0];
        String oldId = old.cookies.get("session").split("\\.")[0];
        long hour = 3_600_000L;
        database.sql("update person_session set last_access_time = last_access_time - ? where session_id = ?")
                .params(13 * hour, idleId)
                .update();
        database.sql("update person_session set creation_time = creation_time - ? where session_id = ?")
                .params(7 * 24 * hour, oldId)
                .update();
        assertThat(idle.open("/account").location()).startsWith("/sign-in");
        assertThat(old.open("/account").location()).startsWith("/sign-in");
    }

    @Test
    void a_forged_cookie_is_none() {
        PersonBrowser browser = signedIn(person());
        String good = browser.cookies.get("session");
        String id = good.split("\\.")[0];
        for (String forged : Arrays.asList(id, id + ".", id + ".AAAA", good + "A", "x." + good.split("\\.")[1], "é")) {
            browser.cookies.put("session", forged);
            assertThat(browser.open("/account").location()).as(forged).startsWith("/sign-in");
        }
        browser.cookies.remove("session");
        browser.cookies.put("__Host-session", good);
        assertThat(browser.open("/account").location()).startsWith("/sign-in");
    }

    @Test
    void a_page_that_needs_a_role_offers_to_sign_in() {
        HttpProbe.Response answer = get("/organise/new", "Accept", "text/html");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Basic ");
        assertThat(answer.body()).contains("href=\"/sign-in?next=/organise/new\"");
        assertThat(get("/api/access-log", "Accept", "text/html").body()).startsWith("{");
        assertThat(get("/organise/new").body()).startsWith("{");
    }

    @Test
    void a_session_names_its_person_to_the_access_rules() {
        TestPerson person = person();
        MockHttpServletRequest request = new MockHttpServletRequest();
        assertThat(callers.find(request)).isEmpty();
        request.setCookies(new Cookie("session", sessions.start(person.id(), "")));
        Caller caller = new Caller("person " + person.id(), person.id(), Optional.empty());
        assertThat(callers.find(request)).contains(caller);
        MockHttpServletRequest behindTls = new MockHttpServletRequest();
        behindTls.setSecure(true);
        behindTls.setCookies(request.getCookies());
        assertThat(callers.find(behindTls)).as("the name without prefix").isEmpty();
        behindTls.setCookies(new Cookie("__Host-session", request.getCookies()[0].getValue()));
        assertThat(callers.find(behindTls)).contains(caller);
        people.disable(person.id());
        assertThat(callers.find(request)).isEmpty();
    }

    @Test
    void public_pages_neither_set_nor_need_a_session() {
        PersonBrowser browser = browser();
        browser.open("/");
        assertThat(browser.last.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void the_first_operator_comes_with_a_link_that_is_good_once() {
        database.sql("update person set operator = false").update();
        String first = operatorLink();
        String link = operatorLink();
        assertThat(new RawHttp(port, "127.0.0.1").send("HEAD", link, List.of())).isEqualTo(200);
        assertThat(browser().open(first).last.status())
                .as("a newer link ends an older one")
                .isEqualTo(410);
        PersonBrowser browser = browser().open(link);
        assertThat(browser.last.status()).isEqualTo(200);
        byte[] secret = base32(browser.page().select("code.secret").text().replace(" ", ""));
        browser.submit("/first-operator", "name", "Ani\r\nBcc: x@example.org", "email", "nobody", "password", "short");
        assertThat(browser.last.status()).isEqualTo(422);
        assertThat(browser.page().select("p.error").stream().filter(one -> one.hasAttr("id")))
                .hasSize(4);
        assertThat(base32(browser.page().select("code.secret").text().replace(" ", "")))
                .isEqualTo(secret);
        String email = "olga-" + UUID.randomUUID() + "@example.org";
        String[] form = {
            "name", "Olga Operator", "email", email, "password", PASSWORD, "code", TotpCodes.at(secret, Instant.now())
        };
        browser.submit("/first-operator", form);
        assertThat(browser.page().select("ul.secret li")).hasSize(10);
        assertThat(browser.open("/account").page().text()).contains(email, "Main organisation");
        assertThat(browser().open(link).last.status()).isEqualTo(410);
        assertThat(management()
                        .sendJson("POST", "/internal/operator-link", "", "Authorization", "Bearer " + INTERNAL)
                        .status())
                .isEqualTo(409);
        assertThat(management().sendJson("POST", "/internal/operator-link", "").status())
                .isEqualTo(401);
    }

    private String operatorLink() {
        HttpProbe.Response response =
                management().sendJson("POST", "/internal/operator-link", "", "Authorization", "Bearer " + INTERNAL);
        return response.json().get("link").asString().replaceFirst("^http://[^/]+", "");
    }

    static byte[] base32(String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        for (char one : text.toCharArray()) {
            buffer = buffer << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        return bytes;
    }
}
