package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
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

    /** Leaves out what differs between any two answers. */
    private static String comparable(String answer) {
        return answer.replaceAll("(?im)^(date|trace-id): .*$", "$1");
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
