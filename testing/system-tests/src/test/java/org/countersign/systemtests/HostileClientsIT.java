package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.countersign.testkit.WebhookReceiver;
import org.junit.jupiter.api.Test;

/** What strangers do who want to take the site down, or to have it say what they like. */
class HostileClientsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int HALF_A_HEAD = 1500;
    /** Each holds one of the places in which requests are worked on until its time is over. */
    private static final int HALF_A_BODY = 150;

    private static final int CROWD = 3500;

    private final RunningStack stack = RunningStack.shared();

    @Test
    void idle_connections_and_slow_requests_lock_nobody_out() throws IOException {
        String petition = stack.publish(Map.of("slug", "signed-under-attack"));
        List<Socket> attackers = new ArrayList<>();
        try {
            for (int i = 0; i < HALF_A_HEAD; i++) {
                attackers.add(say(stack.ports().signatureService(), "GET / HTTP/1.1\r\nHost: a"));
                attackers.add(say(
                        stack.ports().counterProjection(),
                        "GET /api/petitions/" + petition + "/counts HTTP/1.1\r\nHost: a"));
            }
            for (int i = 0; i < HALF_A_BODY; i++) {
                attackers.add(
                        say(
                                stack.ports().signatureService(),
                                "POST /api/petitions/" + petition
                                        + "/signatures HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"name\":"));
            }
            for (Socket attacker : attackers) {
                try {
                    attacker.getOutputStream().write('x');
                } catch (IOException closed) {
                    // Too many slow bodies. The connection was closed already.
                }
            }
            stack.sign(petition, "under.attack@hostile.example", Map.of());
            stack.confirm(stack.mails().await("under.attack@hostile.example", 1).token("confirm"));
            await().atMost(PATIENCE).until(() -> stack.verified(petition) == 1);
            assertThat(new ApiClient()
                            .get(stack.ports().signatureService(), "/petitions/" + petition, Optional.empty())
                            .status())
                    .isEqualTo(200);
        } finally {
            for (Socket attacker : attackers) {
                attacker.close();
            }
        }
    }

    @Test
    void more_concurrent_signers_than_connections_are_all_answered() throws IOException {
        String petition = stack.publish(Map.of("slug", "signed-by-a-crowd"));
        long before = stack.timesStartedAgain();
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                String form = "{\"name\":\"One Of Many\",\"email\":\"one" + i + "@crowd.example\",\"country\":\"NL\"}";
                crowd.add(say(
                        stack.ports().signatureService(),
                        "POST /api/petitions/" + petition
                                + "/signatures HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + form.length() + "\r\n\r\n" + form));
            }
            long accepted = 0;
            for (Socket one : crowd) {
                one.setSoTimeout((int) PATIENCE.toMillis());
                String answer =
                        new String(one.getInputStream().readNBytes("HTTP/1.1 202".length()), StandardCharsets.US_ASCII);
                assertThat(answer).isIn("HTTP/1.1 202", "HTTP/1.1 503");
                accepted += answer.endsWith("202") ? 1 : 0;
            }
            assertThat(accepted).isPositive();
            long pending = accepted;
            await().atMost(PATIENCE)
                    .until(() -> stack.funnel(petition).path("pending").asLong() == pending);
            assertThat(stack.timesStartedAgain()).isEqualTo(before);
        } finally {
            for (Socket one : crowd) {
                one.close();
            }
        }
    }

    private static Socket say(int port, String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void hostile_text_is_escaped_in_pages_mails_and_chats() {
        String title = "A \"pool\"</title><script>alert(1)</script>";
        String organiser = "\"><img src=x onerror=alert(1)>";
        String petition = stack.publish(Map.of(
                "slug",
                "hostile-title",
                "title",
                title,
                "milestones",
                List.of(1),
                "recipients",
                List.of("<b onclick=alert(1)>Board"),
                "statement",
                "[x](javascript:alert(1)) <iframe src=x>",
                "organiser",
                Map.of("name", organiser, "email", "hostile.organiser@hostile.example")));
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            ApiClient.require(
                    201,
                    new ApiClient()
                            .post(
                                    stack.ports().notifier(),
                                    "/api/webhooks",
                                    Map.of(
                                            "petition",
                                            petition,
                                            "url",
                                            receiver.url(),
                                            "format",
                                            "slack",
                                            "events",
                                            List.of("milestone.reached")),
                                    RunningStack.organiser()));
            stack.sign(
                    petition,
                    "hostile@hostile.example",
                    Map.of("name", "Una Hostile", "comment", "</textarea><script>alert(1)</script>", "public", true));
            MailboxReader.Mail confirm = stack.mails().await("hostile@hostile.example", 1);
            stack.confirm(confirm.token("confirm"));
            MailboxReader.Mail told = stack.mails().await("hostile.organiser@hostile.example", 1);
            for (MailboxReader.Mail mail : List.of(confirm, told)) {
                assertThat(mail.subject()).contains(title);
                assertThat(mail.text()).contains(title);
                assertDoesNothing(mail.html());
            }
            await().atMost(PATIENCE).until(() -> !receiver.calls().isEmpty());
            assertThat(receiver.calls().get(0).json().path("text").asString())
                    .contains("&lt;script&gt;")
                    .doesNotContain("<script>");
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(page("/petitions/" + petition)).contains("Una Hostile"));
        for (String path : List.of(
                "/petitions/" + petition,
                "/",
                "/feed.atom",
                "/petitions/" + petition + "/feed.atom",
                "/embed/" + petition,
                "/petitions/" + petition + "/signed")) {
            assertDoesNothing(page(path));
        }
    }

    private String page(String path) {
        return new ApiClient()
                .get(stack.ports().signatureService(), path, Optional.empty())
                .body();
    }

    private static void assertDoesNothing(String html) {
        assertThat(html)
                .isNotEmpty()
                .doesNotContainIgnoringCase(
                        "<script>alert",
                        "<img src=x",
                        "<b onclick",
                        "<u onmouseover",
                        "<iframe src=x",
                        "href=\"javascript:");
    }

    @Test
    void a_line_break_in_a_mail_header_field_is_rejected() {
        for (String field : List.of("title", "language")) {
            Map<String, Object> petition = new HashMap<>(Map.of(
                    "slug",
                    "never-published",
                    "title",
                    "Fine",
                    "statement",
                    "Fine.",
                    "recipients",
                    List.of("The Board"),
                    "goal",
                    10,
                    "language",
                    "en",
                    "organiser",
                    Map.of("name", "Orla Organiser", "email", "orla@pool.example")));
            petition.put(field, "en\r\nBcc: all@hostile.example");
            ApiClient.ApiResponse refused = new ApiClient()
                    .post(stack.ports().signatureService(), "/api/petitions", petition, RunningStack.organiser());
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo(field);
        }
    }
}
