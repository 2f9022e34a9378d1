package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.countersign.localstack.client.ApiClient;
import org.countersign.testkit.WebhookReceiver;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;

class MilestoneNotificationIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RunningStack stack = RunningStack.shared();

    private String webhook(String petition, WebhookReceiver receiver) {
        return ApiClient.require(
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
                                                "events",
                                                List.of("milestone.reached")),
                                        RunningStack.organiser()))
                .json()
                .get("secret")
                .asString();
    }

    private void signAndConfirm(String petition, String email) {
        int before = stack.mails().to(email).size();
        stack.sign(petition, email, Map.of());
        stack.confirm(stack.mails().await(email, before + 1).token("confirm"));
    }

    private void awaitVerified(String petition, long count) {
        await("the counter at " + count)
                .atMost(PATIENCE)
                .until(() -> stack.verified(petition), counted -> counted == count);
    }

    private JsonNode deliveries(String petition) {
        return new ApiClient()
                .get(stack.ports().notifier(), "/api/deliveries?petition=" + petition, RunningStack.organiser())
                .json();
    }

    @Test
    void each_milestone_is_notified_once_and_in_order() {
        String organiser = "milo.organiser@pool.example";
        String petition = stack.publish(Map.of(
                "slug",
                "milestones-three-and-five",
                "milestones",
                List.of(3, 5),
                "goal",
                500,
                "organiser",
                Map.of("name", "Milo Organiser", "email", organiser)));
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            String secret = webhook(petition, receiver);
            for (int signer = 1; signer <= 3; signer++) {
                signAndConfirm(petition, "signer" + signer + "@milestones.example");
            }
            awaitVerified(petition, 3);

            stack.withdraw(stack.mails().await("signer3@milestones.example", 2).token("withdraw"));
            awaitVerified(petition, 2);
            signAndConfirm(petition, "signer3@milestones.example");
            awaitVerified(petition, 3);

            for (int signer = 4; signer <= 10; signer++) {
                signAndConfirm(petition, "signer" + signer + "@milestones.example");
            }
            awaitVerified(petition, 10);

            await().atMost(PATIENCE)
                    .until(() -> receiver.calls().size() >= 2
                            && stack.mails().to(organiser).size() >= 2);
            // A second telling would be planned by an event that comes before these: once all mails of the last signer
            // are out and nothing waits, there is none to come.
            stack.mails().awaitAll("signer10@milestones.example", 2);
            await().atMost(PATIENCE)
                    .until(() -> new ApiClient()
                            .get(
                                    stack.ports().notifier(),
                                    "/api/deliveries?state=planned&petition=" + petition,
                                    RunningStack.organiser())
                            .json()
                            .isEmpty());

            assertThat(receiver.calls())
                    .extracting(call -> call.json().at("/data/threshold").asLong())
                    .containsExactly(3L, 5L);
            assertThat(receiver.calls())
                    .allMatch(call -> call.isSignedWith(secret))
                    .extracting(WebhookReceiver.ReceivedCall::id)
                    .doesNotHaveDuplicates();
            assertThat(stack.mails().to(organiser))
                    .extracting(MailboxReader.Mail::subject)
                    .containsExactly(
                            "3 have signed: A slide for the swimming pool",
                            "5 have signed: A slide for the swimming pool");
            JsonNode milestones = new ApiClient()
                    .get(
                            stack.ports().counterProjection(),
                            "/api/petitions/" + petition + "/milestones",
                            Optional.empty())
                    .json();
            assertThat(milestones
                            .valueStream()
                            .map(milestone -> milestone.get("threshold").asLong()))
                    .containsExactly(3L, 5L);
            assertThat(feed("/petitions/" + petition + "/feed.atom", "title"))
                    .containsExactlyInAnyOrder(
                            "A slide for the swimming pool: 5 have signed",
                            "A slide for the swimming pool: 3 have signed",
                            "A slide for the swimming pool: published");
            assertThat(feed("/feed.atom", "id"))
                    .contains(
                            stack.page("/petitions/" + petition + "#milestone-5"),
                            stack.page("/petitions/" + petition + "#published"));
            assertThat(deliveries(petition).toString())
                    .contains("m…@p….example")
                    .doesNotContain(organiser);
        }
    }

    /** An element of each of a feed's entries. */
    private List<String> feed(String path, String element) {
        String feed = new ApiClient()
                .get(stack.ports().signatureService(), path, Optional.empty())
                .body();
        try {
            Document document = DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(feed)));
            NodeList found = document.getElementsByTagNameNS("http://www.w3.org/2005/Atom", element);
            return IntStream.range(0, found.getLength())
                    .mapToObj(found::item)
                    .filter(node -> node.getParentNode().getLocalName().equals("entry"))
                    .map(Node::getTextContent)
                    .toList();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("no feed: " + feed, e);
        }
    }

    @Test
    void who_asked_for_updates_gets_the_alert_too_and_can_stop_it_with_one_click() {
        String petition = stack.publish(Map.of("slug", "milestones-for-subscribers", "milestones", List.of(2, 3)));
        stack.sign(petition, "uma@updates.example", Map.of("updates", true));
        stack.confirm(stack.mails().await("uma@updates.example", 1).token("confirm"));
        stack.mails().await("uma@updates.example", 2);
        signAndConfirm(petition, "second@updates.example");

        MailboxReader.Mail alert = stack.mails().await("uma@updates.example", 3);
        assertThat(alert.subject()).isEqualTo("2 have signed: A slide for the swimming pool");
        assertThat(alert.headers().get("List-Unsubscribe-Post").asString()).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(clickToStop(alert)).contains("no more mail about milestones");
        assertThat(stack.mails().to("second@updates.example")).hasSize(2);
    }

    /** Does what a mail program's own button does (RFC 8058); gives the page that answers. */
    private static String clickToStop(MailboxReader.Mail mail) {
        URI link = URI.create(mail.headers().get("List-Unsubscribe").asString().replaceAll("[<>]", ""));
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(link)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_recipient_gets_the_chosen_milestones_until_they_stop_it() {
        String petition = stack.publish(Map.of(
                "slug",
                "milestones-for-the-mayor",
                "milestones",
                List.of(1, 2, 3, 4),
                "organiser",
                Map.of("name", "Milo Organiser", "email", "milo.and.the.mayor@pool.example")));
        String alerts = "/api/petitions/" + petition + "/alerts";
        Map<String, Object> mayor = Map.of(
                "name",
                "Mia Mayor",
                "email",
                "mayor@town-hall.example",
                "milestones",
                List.of(2, 3, 4),
                "language",
                "de");
        ApiClient.require(
                201, new ApiClient().post(stack.ports().signatureService(), alerts, mayor, RunningStack.organiser()));
        signAndConfirm(petition, "first@mayor.example");
        signAndConfirm(petition, "second@mayor.example");
        MailboxReader.Mail mail = stack.mails().await("mayor@town-hall.example", 1);
        assertThat(mail.subject()).isEqualTo("2 Unterschriften: A slide for the swimming pool");
        assertThat(mail.headers().get("List-Unsubscribe-Post").asString()).isEqualTo("List-Unsubscribe=One-Click");
        signAndConfirm(petition, "third@mayor.example");
        assertThat(clickToStop(stack.mails().await("mayor@town-hall.example", 2)))
                .contains("no more mail about “A slide for the swimming pool”");

        signAndConfirm(petition, "fourth@mayor.example");
        stack.mails().awaitAll("milo.and.the.mayor@pool.example", 4);
        assertThat(new ApiClient()
                        .post(stack.ports().signatureService(), alerts, mayor, RunningStack.organiser())
                        .status())
                .isEqualTo(409);
        assertThat(stack.mails().to("mayor@town-hall.example")).hasSize(2);
    }

    @Test
    void a_mailing_continues_after_a_kill_and_mails_everybody_once() {
        int subscribers = 60;
        String petition = stack.publish(Map.of("slug", "milestones-for-very-many", "milestones", List.of(subscribers)));
        List<String> all = IntStream.range(0, subscribers)
                .mapToObj(i -> "many" + i + "@mailing.example")
                .toList();
        all.forEach(email -> stack.sign(petition, email, Map.of("updates", true)));
        all.forEach(email -> stack.confirm(stack.mails().await(email, 1).token("confirm")));
        Predicate<MailboxReader.Mail> isUpdate = mail -> mail.subject().startsWith(subscribers + " have signed");
        await().atMost(PATIENCE).until(() -> mailing(petition).path("sent").asInt() > 0);
        stack.kill("notifier");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> mailing(petition).path("sent").asInt() == subscribers);
        assertThat(mailing(petition).get("recipients").asInt()).isEqualTo(subscribers);
        for (String email : all) {
            // A mail that was taken and not recorded yet when the notifier was killed comes again, with the same
            // Message-ID.
            assertThat(stack.mails().to(email).stream()
                            .filter(isUpdate)
                            .map(mail -> mail.headers().get("Message-ID").asString())
                            .distinct())
                    .as(email)
                    .hasSize(1);
        }
    }

    private JsonNode mailing(String petition) {
        return new ApiClient()
                .get(stack.ports().notifier(), "/api/mailings?petition=" + petition, RunningStack.organiser())
                .json()
                .path(0);
    }
}
