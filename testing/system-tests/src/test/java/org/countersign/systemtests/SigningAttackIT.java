package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.countersign.localstack.client.ApiClient;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A bot with one catch-all domain and an honest crowd sign at once, on two instances with the default rules.
 * {@code countersign attack} does the same with more signers.
 */
class SigningAttackIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int PEOPLE = 60;

    private static RunningStack stack;
    private static String petition;

    @BeforeAll
    static void start() {
        stack = RunningStack.with(Map.of("COUNTERSIGN_LIMIT_PER_MINUTE", "0"), "--limits", "--replicas", "2");
        petition = stack.publish(Map.of("slug", "signed-by-a-bot"));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    /** Signs on a new connection, so that the load balancer chooses the instance, and returns all of the answer. */
    private static String sign(String network, String email) throws IOException {
        return sign(petition, network, email);
    }

    private static String sign(String petition, String network, String email) throws IOException {
        String form = "{\"name\":\"One Of Many\",\"email\":\"" + email + "\",\"country\":\"NL\"}";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), stack.ports().signatureService())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream()
                    .write(("POST /api/petitions/" + petition + "/signatures HTTP/1.1\r\nHost: a\r\n"
                                    + "Connection: close\r\nX-Forwarded-For: " + network + "\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + form.length()
                                    + "\r\n\r\n" + form)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Leaves out what differs between any two answers, and whether the petition is under attack. */
    private static String comparable(String answer) {
        return answer.replaceAll("(?im)^(date|trace-id): .*$", "$1").replaceAll("(?i)proof-of-work: missing\\r\\n", "");
    }

    private static JsonNode held() {
        return ApiClient.require(
                        200,
                        new ApiClient()
                                .get(
                                        stack.ports().signatureService(),
                                        "/api/petitions/" + petition + "/held",
                                        RunningStack.organiser()))
                .json();
    }

    private static String bot(int number) {
        return "bot" + number + "@b" + number + ".catchall.test";
    }

    private static String person(int number) {
        return "person" + number + "@gmail.com";
    }

    private static boolean hasMail(String address) {
        return !stack.mails().to(address).isEmpty();
    }

    @Test
    void the_bot_is_held_the_crowd_is_not_and_who_is_released_signs_like_any_other() throws Exception {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < PEOPLE; i++) {
            answers.add(comparable(sign("198.51." + i + ".7", bot(i))));
            answers.add(comparable(sign("203.0." + i + ".9", person(i))));
            TimeUnit.MILLISECONDS.sleep(30);
        }
        assertThat(answers).as("held or not, the answers are the same").hasSize(1);
        assertThat(answers.iterator().next()).startsWith("HTTP/1.1 202");

        JsonNode rules = held().get("rules");
        assertThat(rules.size()).isEqualTo(1);
        assertThat(rules.get(0).get("rule").asString()).isEqualTo("limit-domain");
        long waiting = rules.get(0).get("calls").asLong();
        assertThat(waiting).as("most of the bot's").isGreaterThan(PEOPLE / 2);

        await().atMost(TIMEOUT).until(() -> IntStream.range(0, PEOPLE).allMatch(i -> hasMail(person(i))));
        await().atMost(TIMEOUT)
                .until(() -> stack.funnel(petition).path("pending").asLong() == 2 * PEOPLE - waiting);
        List<String> withoutMail = IntStream.range(0, PEOPLE)
                .mapToObj(SigningAttackIT::bot)
                .filter(address -> !hasMail(address))
                .toList();
        assertThat(withoutMail.size()).isGreaterThanOrEqualTo((int) waiting);

        JsonNode released = ApiClient.require(
                        200,
                        new ApiClient()
                                .post(
                                        stack.ports().signatureService(),
                                        "/api/petitions/" + petition + "/held/release",
                                        Map.of("rule", "limit-domain"),
                                        RunningStack.organiser()))
                .json();
        assertThat(released.get("released").asLong()).isEqualTo(waiting);
        await().atMost(TIMEOUT).until(() -> withoutMail.stream().allMatch(SigningAttackIT::hasMail));
        for (String address : withoutMail.subList(0, 3)) {
            stack.confirm(stack.mails().await(address, 1).token("confirm"));
        }
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == 3);
        assertThat(held().get("rules").isEmpty()).isTrue();
        assertThat(stack.run("audit", "reconcile").status()).isZero();
    }

    @Test
    void an_organiser_holds_a_domain_and_releases_what_it_held_in_a_browser() throws IOException {
        String slug = stack.publish(Map.of("slug", "held-in-a-browser"));
        Browser browser = Browser.start();
        try {
            Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
            page.navigate(stack.page("/organise/petitions/" + slug));
            page.getByText("Held signatures and rules").click();
            page.getByLabel("Hold these mail domains").fill("*.attacker.test");
            page.getByLabel("Reason, for the history").fill("somebody boasts of it");
            page.getByText("Change the rules").click();
            assertThat(page.getByLabel("Hold these mail domains").inputValue()).isEqualTo("*.attacker.test");
            sign(slug, "198.18.1.1", "held@mx.attacker.test");
            page.reload();
            assertThat(page.content()).contains("hold-domain:*.attacker.test").doesNotContain("held@mx");
            assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                    .isEmpty();
            Browser.picture(page, "held");
            page.setViewportSize(390, 844);
            Browser.picture(page, "held-phone");
            page.getByText("Release all").click();
            assertThat(page.content()).contains("Nothing is held");
            stack.mails().await("held@mx.attacker.test", 1);
        } finally {
            browser.close();
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void reloadUntil(Page page, String selector) {
        await().atMost(TIMEOUT).until(() -> {
            page.reload();
            return page.locator(selector).count() > 0;
        });
    }

    private static void assertThatItIsAccessible(Page page) {
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .extracting(rule -> rule.getId() + ": " + rule.getHelp())
                .isEmpty();
    }

    private static void fillIn(Page page, String email) {
        page.locator("#name").fill("Wanda Walker");
        page.locator("#email").fill(email);
        page.locator("#country").selectOption("AM");
        page.locator("#sign button").click();
    }

    /** 120 people of a mail provider, and 60 addresses of one mail domain. Three of each confirm. */
    private static void signTogether(String slug) throws IOException {
        for (int i = 0; i < 120; i++) {
            sign(slug, "203." + i + ".0.9", "walker" + i + "@gmail.com");
        }
        for (int i = 0; i < 60; i++) {
            sign(slug, "198." + i + ".0.7", "robot" + i + "@robots.test");
        }
        for (int i = 0; i < 3; i++) {
            stack.confirm(stack.mails().await("walker" + i + "@gmail.com", 1).token("confirm"));
            stack.confirm(stack.mails().await("robot" + i + "@robots.test", 1).token("confirm"));
        }
    }

    private static String publishWithoutLimits(String slug, String organiser) {
        String published =
                stack.publish(Map.of("slug", slug, "organiser", Map.of("name", "Orla Organiser", "email", organiser)));
        assertThat(new HttpProbe(stack.ports().signatureService())
                        .sendJson(
                                "PUT",
                                "/api/petitions/" + published + "/rules",
                                "{\"limits\":{},\"reason\":\"only the detector may hold calls\"}",
                                HttpProbe.basic(RunningStack.organiser().orElseThrow()))
                        .status())
                .isEqualTo(200);
        return published;
    }

    @Test
    void an_attack_is_alerted_slowed_down_removed_and_undone_in_a_browser() throws IOException {
        String organiser = "attacked@pool.example";
        String slug = publishWithoutLimits("attacked-in-a-browser", organiser);
        signTogether(slug);
        await().atMost(TIMEOUT).until(() -> stack.verified(slug) == 6);
        assertThat(stack.mails().await(organiser, 1).subject()).startsWith("Bots seem to sign");
        Browser browser = Browser.start();
        try {
            Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
            page.navigate(stack.page("/organise/petitions/" + slug));
            assertThat(page.getByText("Open a case for this attack").count()).isEqualTo(1);
            assertThatItIsAccessible(page);
            Browser.picture(page, "organise-attack");
            page.setViewportSize(390, 844);
            Browser.picture(page, "organise-attack-phone");

            Page signer = browser.window();
            signer.navigate(stack.page("/petitions/" + slug));
            reloadUntil(signer, "form[data-challenge]");
            fillIn(signer, "with.script@people.example");
            signer.waitForURL("**/signed");
            stack.confirm(stack.mails().await("with.script@people.example", 1).token("confirm"));
            await().atMost(TIMEOUT).until(() -> stack.verified(slug) == 7);

            Page without = browser.windowWithoutJavaScript();
            without.navigate(stack.page("/petitions/" + slug));
            assertThat(without.locator("noscript p, form p.notice").first().textContent())
                    .contains("minutes later");
            Browser.picture(without, "sign-under-attack-without-scripts");
            fillIn(without, "without.script@people.example");
            without.waitForURL("**/later");
            assertThat(without.content()).contains("in about 5 minutes");
            Browser.picture(without, "signed-later");
            assertThat(hasMail("without.script@people.example")).isFalse();

            page.getByText("Open a case for this attack").click();
            page.locator("#reason").fill("one catch-all domain");
            page.locator("#publicReason").fill("A program made these signatures.");
            button(page, "Preview").click();
            assertThatItIsAccessible(page);
            Browser.picture(page, "organise-attack-case-phone");
            button(page, "Remove these signatures").click();
            await().atMost(TIMEOUT).until(() -> stack.verified(slug) == 4);
            signer.navigate(stack.page("/petitions/" + slug));
            reloadUntil(signer, "section.removed");
            assertThat(signer.locator("section.removed").textContent())
                    .contains("A program made these signatures.", ": 3.");
            assertThatItIsAccessible(signer);
            assertThat(stack.run("audit", "log").status()).isZero();

            page.reload();
            button(page, "Undo").first().click();
            await().atMost(TIMEOUT).until(() -> stack.verified(slug) == 7);
        } finally {
            browser.close();
        }
    }

    private static RunningStack.Ended attack(String... options) {
        String[] all = new String[options.length + 7];
        System.arraycopy(
                new String[] {"attack", "--attackers", "600", "--honest", "600", "--minutes", "0.3"}, 0, all, 0, 7);
        System.arraycopy(options, 0, all, 7, options.length);
        return stack.run(all);
    }

    @Test
    void one_mail_domain_stays_out_of_the_count_and_honest_signers_get_their_mails() {
        RunningStack.Ended attack =
                attack("--style", "many-networks", "--crowd", "news-spike,university,mobile-carriers");
        // The exit status depends on the time of the alert, too, which a busy machine cannot promise.
        assertThat(figure(attack, "attackers caught")).as(attack.output()).isGreaterThanOrEqualTo(95);
        assertThat(figure(attack, "honest signers not mailed"))
                .as(attack.output())
                .isLessThanOrEqualTo(0.5);
        assertThat(attack.output())
                .contains("after one case")
                .doesNotContain("the count is wrong")
                .doesNotContainPattern("alert +none");
    }

    private static double figure(RunningStack.Ended attack, String name) {
        Matcher figure = Pattern.compile(name + " +([0-9.]+) %").matcher(attack.output());
        assertThat(figure.find()).as(attack.output()).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    @Test
    void a_mistake_is_told_by_its_option() {
        assertThat(stack.run("attack", "--style", "polite").output()).contains("There is no style 'polite'");
        assertThat(stack.run("attack", "--style", "many-networks", "--minutes", "0")
                        .output())
                .contains("--minutes must be more than 0");
    }
}
