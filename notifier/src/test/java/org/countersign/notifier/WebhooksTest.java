package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Webhook calls to programs and chats. */
class WebhooksTest extends RunningNotifier {

    @Test
    void a_webhook_gets_signed_calls_in_order_and_retries_with_the_same_id() throws Exception {
        published();
        List<Map<String, String>> calls = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            Map<String, String> call = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> call.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
            call.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            calls.add(call);
            int status = calls.size() == 1 ? 500 : calls.size() == 2 ? 302 : 204;
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        HttpResponse<String> created = call(
                "POST",
                "/api/webhooks",
                JSON.writeValueAsString(
                        Map.of("petition", petition.value(), "url", url, "events", List.of("milestone.reached"))));
        assertThat(created.statusCode()).isEqualTo(201);
        String secret = JSON.readTree(created.body()).get("secret").asString();
        assertThat(call("GET", "/api/webhooks", "").body()).contains(url).doesNotContain(secret);

        happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 5, 100, INDEX.get()));
        // The first attempts are answered 500 and a redirect, which is not followed.
        await().atMost(TIMEOUT)
                .until(() -> deliveries("")
                                .valueStream()
                                .filter(delivery ->
                                        delivery.get("kind").asString().equals("webhook")
                                                && !delivery.get("error").isNull())
                                .count()
                        == 1);
        for (int i = 0; i < 2; i++) {
            deliveries("")
                    .valueStream()
                    .filter(delivery -> delivery.get("kind").asString().equals("webhook")
                            && delivery.get("state").asString().equals("planned"))
                    .forEach(delivery ->
                            call("POST", "/api/deliveries/" + delivery.get("id").asString() + "/retry", ""));
            int before = calls.size();
            await().atMost(TIMEOUT).until(() -> calls.size() > Math.min(before, 3));
        }
        await().atMost(TIMEOUT).until(() -> calls.size() == 4);
        receiver.stop(0);
        assertThat(calls.subList(0, 3))
                .extracting(call -> call.get("webhook-id"))
                .containsOnly(calls.get(0).get("webhook-id"));
        assertThat(calls)
                .extracting(call -> JSON.readTree(call.get("body"))
                        .get("data")
                        .get("threshold")
                        .asInt())
                .containsExactly(3, 3, 3, 5);
        JsonNode announced = JSON.readTree(calls.get(0).get("body"));
        assertThat(announced.get("type").asString()).isEqualTo("milestone.reached");
        assertThat(announced.get("data").propertyNames())
                .as("no index of the event log, which counts events that are not public")
                .containsExactly("petition", "goal", "threshold");
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
        for (Map<String, String> call : calls) {
            byte[] signed = (call.get("webhook-id") + "." + call.get("webhook-timestamp") + "." + call.get("body"))
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(call.get("webhook-signature"))
                    .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)));
        }
        String id = JSON.readTree(created.body()).get("id").asString();
        assertThat(call("DELETE", "/api/webhooks/" + id, "").statusCode()).isEqualTo(204);
        assertThat(call("DELETE", "/api/webhooks/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_webhook_hears_nothing_of_what_happened_before_it_also_if_kafka_delivers_it_again() throws Exception {
        published();
        RecordedEvent early = happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        await().atMost(TIMEOUT)
                .until(() -> deliveries("")
                        .valueStream()
                        .anyMatch(delivery -> delivery.get("kind").asString().equals("milestone")));
        List<String> calls = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            calls.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        String registration = JSON.writeValueAsString(
                Map.of("petition", petition.value(), "url", url, "events", List.of("milestone.reached")));
        assertThat(call("POST", "/api/webhooks", registration).statusCode()).isEqualTo(201);

        publish(early);
        happens(new MilestoneReached(petition, NOON, 5, 100, INDEX.get()));
        await().atMost(TIMEOUT).until(() -> calls.stream().anyMatch(call -> threshold(call) == 5));
        receiver.stop(0);
        assertThat(calls).extracting(WebhooksTest::threshold).containsExactly(5);
    }

    private static int threshold(String call) {
        return JSON.readTree(call).get("data").get("threshold").asInt();
    }

    @Test
    void a_chat_gets_its_own_format_and_language_and_a_test_call_shows_the_outcome() throws Exception {
        happens(new PetitionPublished(
                petition,
                NOON,
                "A <b>ench & @everyone *now*",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "de",
                Optional.empty(),
                new Sealed(new byte[1])));
        Map<String, String> heard = new java.util.concurrent.ConcurrentHashMap<>();
        HttpServer chats = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chats.createContext("/", exchange -> {
            heard.put(
                    exchange.getRequestURI().getPath(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/broken") ? 500 : 204, -1);
            exchange.close();
        });
        chats.start();
        Map<String, String> ids = new HashMap<>();
        for (String chat : List.of("slack", "discord", "broken")) {
            HttpResponse<String> created = call(
                    "POST",
                    "/api/webhooks",
                    JSON.writeValueAsString(Map.of(
                            "petition",
                            petition.value(),
                            "events",
                            List.of("milestone.reached"),
                            "url",
                            "http://127.0.0.1:" + chats.getAddress().getPort() + "/" + chat,
                            "format",
                            chat.replace("broken", "slack"))));
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            ids.put(chat, JSON.readTree(created.body()).get("id").asString());
        }
        happens(new MilestoneReached(petition, NOON, 1250, 5000, INDEX.get()));
        await().atMost(TIMEOUT).until(() -> heard.size() == 3);
        String link = "\nhttp://localhost:8080/petitions/" + petition;
        assertThat(JSON.readTree(heard.get("/slack")))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "mrkdwn",
                        false,
                        "text",
                        "„A &lt;b&gt;ench &amp; @everyone *now*“: 1.250 Unterschriften, jede bestätigt. Das Ziel ist 5.000."
                                + link)));
        assertThat(JSON.readTree(heard.get("/discord")))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "allowed_mentions",
                        Map.of("parse", List.of()),
                        "content",
                        "„A <b>ench & @everyone \\*now\\*“: 1.250 Unterschriften, jede bestätigt. Das Ziel ist 5.000."
                                + link)));

        // What waits because its receiver is broken does not hold up a test.
        heard.clear();
        for (String chat : List.of("slack", "broken")) {
            HttpResponse<String> tested = call("POST", "/api/webhooks/" + ids.get(chat) + "/test", "");
            assertThat(tested.statusCode()).isEqualTo(202);
            String id = JSON.readTree(tested.body()).get("delivery").asString();
            await().atMost(TIMEOUT)
                    .until(
                            () -> deliveries("")
                                    .valueStream()
                                    .filter(delivery ->
                                            delivery.get("id").asString().equals(id))
                                    .findAny()
                                    .orElseThrow(),
                            delivery -> chat.equals("slack")
                                    ? delivery.get("state").asString().equals("sent")
                                    : delivery.get("error").asString("").contains("500"));
        }
        assertThat(JSON.readTree(heard.get("/slack")).get("text").asString()).startsWith("Das ist ein Test");
        chats.stop(0);
        ids.values().forEach(id -> call("DELETE", "/api/webhooks/" + id, ""));
        assertThat(call("POST", "/api/webhooks/" + UUID.randomUUID() + "/test", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(
                                "POST",
                                "/api/webhooks",
                                "{\"url\":\"https://example.org/\",\"events\":[\"milestone.reached\"],\"format\":\"teams\"}")
                        .body())
                .contains("\"field\":\"format\"");
    }

    @Test
    void an_invalid_webhook_is_rejected_by_field() {
        for (String url : List.of(
                "nonsense",
                "ftp://example.org/",
                "http://10.0.0.1/hook",
                "http://user:pass@example.org/",
                "http://[::ffff:192.168.0.1]/")) {
            assertThat(call(
                                    "POST",
                                    "/api/webhooks",
                                    JSON.writeValueAsString(Map.of("url", url, "events", List.of("milestone.reached"))))
                            .body())
                    .as(url)
                    .contains("\"field\":\"url\"");
        }
        assertThat(call("POST", "/api/webhooks", "{\"url\":\"https://example.org/\",\"events\":[\"no.such\"]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(call("POST", "/api/webhooks", "nonsense").statusCode()).isEqualTo(400);
    }
}
