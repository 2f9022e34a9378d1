package org.countersign.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.countersign.loadtest.HttpLoad;
import org.countersign.loadtest.SseClients;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People who have signed one petition and then confirm at a steady rate. */
final class ConfirmationLoad {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int TOKENS_AT_A_TIME = 200;
    private static final int CONNECTIONS = 8;
    private static final int SIGNING_AT_A_TIME = 64;

    private final BenchmarkStack site;
    private final List<String> tokens = new ArrayList<>();

    ConfirmationLoad(BenchmarkStack site) {
        this.site = site;
    }

    /** Has so many sign. */
    void sign(int people) throws IOException, InterruptedException {
        try (HttpLoad load = new HttpLoad(site.ports().signatureService(), SIGNING_AT_A_TIME)) {
            load.run(new Steady(
                    people,
                    0,
                    202,
                    person -> HttpLoad.post(
                            "/api/petitions/" + BenchmarkStack.PETITION + "/signatures",
                            "{\"name\":\"Vera Viewer\",\"email\":\"viewer-%d@bench.example\",\"country\":\"AM\"}"
                                    .formatted(person)),
                    millis -> {}));
        }
        readTokens();
        if (tokens.size() != people) {
            throw new UserException("%d signed, but %d can confirm.".formatted(people, tokens.size()));
        }
    }

    /** The links' tokens, as the notifier gets them for its mails. */
    private void readTokens() throws IOException, InterruptedException {
        List<String> signatures = new ArrayList<>();
        new ApiClient()
                .lines(
                        site.ports().signatureService(),
                        "GET",
                        "/api/petitions/" + BenchmarkStack.PETITION + "/history",
                        BenchmarkStack.auditor(),
                        event -> {
                            if (event.path("type").asString().equals("PetitionSigned")) {
                                signatures.add("{\"signature\":\""
                                        + event.path("signature").asString() + "\",\"round\":1}");
                            }
                        });
        HttpClient client = HttpClient.newHttpClient();
        for (int from = 0; from < signatures.size(); from += TOKENS_AT_A_TIME) {
            String wanted = "["
                    + String.join(",", signatures.subList(from, Math.min(signatures.size(), from + TOKENS_AT_A_TIME)))
                    + "]";
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + site.ports().signatureService() + "/internal/mail-data"))
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + site.stack().notifierPassword())
                    .POST(HttpRequest.BodyPublishers.ofString(wanted))
                    .build();
            for (JsonNode data : JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body())) {
                tokens.add(data.path("verifyToken").asString());
            }
        }
    }

    /** Waits until every counter shows all who have signed. */
    void awaitCounted(List<Integer> ports) throws InterruptedException {
        for (int port : ports) {
            while (new ApiClient()
                            .get(port, "/api/petitions/" + BenchmarkStack.PETITION + "/counts", Optional.empty())
                            .json()
                            .path("pending")
                            .asInt()
                    < tokens.size()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /**
     * Has all confirm.
     *
     * @param times is told when each was answered
     * @param perSecond how many a second
     * @return how many a second it were
     */
    double confirm(SseClients.Times times, int perSecond) throws IOException {
        long begin = System.nanoTime();
        int[] count = new int[1];
        try (HttpLoad load = new HttpLoad(site.ports().signatureService(), CONNECTIONS)) {
            load.run(new Steady(
                    tokens.size(),
                    perSecond,
                    200,
                    person -> HttpLoad.post("/api/signatures/verify", "{\"token\":\"" + tokens.get(person) + "\"}"),
                    millis -> times.confirmed(++count[0], millis)));
        }
        double rate = tokens.size() * 1e9 / (System.nanoTime() - begin);
        times.ended(count[0]);
        return rate;
    }

    /** One call of each person, at a rate; as fast as they are answered if that is 0. */
    private static final class Steady implements HttpLoad.Source {

        private final int people;
        private final int perSecond;
        private final int wanted;
        private final IntFunction<byte[]> request;
        private final LongConsumer answeredAt;
        private final long begin = System.nanoTime();
        private int next;

        /**
         * @param request of a person
         * @param answeredAt is told when one was answered, in milliseconds since 1970
         */
        private Steady(int people, int perSecond, int wanted, IntFunction<byte[]> request, LongConsumer answeredAt) {
            this.people = people;
            this.perSecond = perSecond;
            this.wanted = wanted;
            this.request = request;
            this.answeredAt = answeredAt;
        }

        @Override
        public HttpLoad.Call next(long now) {
            long due = perSecond == 0 ? now : begin + next * 1_000_000_000L / perSecond;
            if (next == people || due > now) {
                return null;
            }
            int person = next++;
            return new HttpLoad.Call(request.apply(person), due) {
                @Override
                protected void ended(int status, String body, long nanos) {
                    if (status != wanted) {
                        throw new UserException("A call was answered " + status + ".");
                    }
                    answeredAt.accept(System.currentTimeMillis());
                }
            };
        }

        @Override
        public boolean finished() {
            return next == people;
        }
    }
}
