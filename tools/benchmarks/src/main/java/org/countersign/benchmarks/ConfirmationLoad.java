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

/** Signers of one petition that confirm at a constant rate. */
final class ConfirmationLoad {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BATCH_SIZE = 200;
    private static final int CONFIRM_CONNECTIONS = 8;
    private static final int SIGN_CONNECTIONS = 64;

    private final BenchmarkStack stack;
    private final List<String> tokens = new ArrayList<>();

    ConfirmationLoad(BenchmarkStack stack) {
        this.stack = stack;
    }

    /** Signs with the given number of signers and reads their confirmation tokens. */
    void sign(int signers) throws IOException, InterruptedException {
        try (HttpLoad load = new HttpLoad(stack.ports().signatureService(), SIGN_CONNECTIONS)) {
            load.run(new SteadyLoad(
                    signers,
                    0,
                    202,
                    signer -> HttpLoad.post(
                            "/api/petitions/" + BenchmarkStack.PETITION + "/signatures",
                            "{\"name\":\"Vera Viewer\",\"email\":\"viewer-%d@bench.example\",\"country\":\"AM\"}"
                                    .formatted(signer)),
                    millis -> {}));
        }
        readTokens();
        if (tokens.size() != signers) {
            throw new UserException(
                    "%d signers signed, but only %d have a confirmation token.".formatted(signers, tokens.size()));
        }
    }

    /** Reads the tokens of the confirmation links over the interface of the notifier. */
    private void readTokens() throws IOException, InterruptedException {
        List<String> signatures = new ArrayList<>();
        new ApiClient()
                .lines(
                        stack.ports().signatureService(),
                        "GET",
                        "/api/petitions/" + BenchmarkStack.PETITION + "/history",
                        BenchmarkStack.auditor(),
                        event -> {
                            if (event.path("type").asString().equals("PetitionSigned")) {
                                signatures.add("{\"petition\":\"" + BenchmarkStack.PETITION + "\",\"signature\":\""
                                        + event.path("signature").asString() + "\",\"round\":1}");
                            }
                        });
        HttpClient client = HttpClient.newHttpClient();
        for (int from = 0; from < signatures.size(); from += BATCH_SIZE) {
            String batch = "["
                    + String.join(",", signatures.subList(from, Math.min(signatures.size(), from + BATCH_SIZE)))
                    + "]";
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + stack.ports().signatureServiceManagement() + "/internal/mail-data"))
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + stack.localStack().internalPassword())
                    .POST(HttpRequest.BodyPublishers.ofString(batch))
                    .build();
            for (JsonNode data : JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body())) {
                tokens.add(data.path("links").path("confirm").asString().replaceFirst(".*token=", ""));
            }
        }
    }

    /** Waits until every counter has counted all signers. */
    void awaitCounted(List<Integer> ports) throws InterruptedException {
        for (int port : ports) {
            while (new ApiClient()
                            .get(
                                    port,
                                    "/api/petitions/" + BenchmarkStack.PETITION + "/funnel",
                                    BenchmarkStack.auditor())
                            .json()
                            .path("pending")
                            .asInt()
                    < tokens.size()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /** Returns the number of signers. */
    int size() {
        return tokens.size();
    }

    /** Returns the token of a signer's link, with numbers from 0. */
    String token(int signer) {
        return tokens.get(signer);
    }

    /**
     * Confirms the signatures of some signers, as fast as the service answers.
     *
     * @param from the number of the first signer
     * @param to the number after the last signer
     * @return the confirmations per second
     */
    double confirm(int from, int to, int connections) throws IOException {
        return confirm(from, to, connections, 0, millis -> {});
    }

    /**
     * Confirms all signatures.
     *
     * @param times receives the time of each confirmation
     * @param perSecond the rate in confirmations per second
     * @return the rate that was reached, in confirmations per second
     */
    double confirm(SseClients.ConfirmationTimes times, int perSecond) throws IOException {
        int[] count = new int[1];
        double rate = confirm(
                0, tokens.size(), CONFIRM_CONNECTIONS, perSecond, millis -> times.confirmed(++count[0], millis));
        times.ended(count[0]);
        return rate;
    }

    private double confirm(int from, int to, int connections, int perSecond, LongConsumer completedAt)
            throws IOException {
        long begin = System.nanoTime();
        try (HttpLoad load = new HttpLoad(stack.ports().signatureService(), connections)) {
            load.run(new SteadyLoad(
                    to - from,
                    perSecond,
                    200,
                    signer -> HttpLoad.post("/api/signatures/verify", "{\"token\":\"" + token(from + signer) + "\"}"),
                    completedAt));
        }
        return (to - from) * 1e9 / (System.nanoTime() - begin);
    }

    /**
     * One request for each signer at a constant rate. A rate of 0 sends each request as soon as a connection is free.
     */
    private static final class SteadyLoad implements HttpLoad.RequestSource {

        private final int signers;
        private final int perSecond;
        private final int expectedStatus;
        private final IntFunction<byte[]> request;
        private final LongConsumer completedAt;
        private final long begin = System.nanoTime();
        private int next;

        /**
         * @param request creates the request of a signer
         * @param completedAt receives the time of each response in milliseconds since 1970
         */
        private SteadyLoad(
                int signers, int perSecond, int expectedStatus, IntFunction<byte[]> request, LongConsumer completedAt) {
            this.signers = signers;
            this.perSecond = perSecond;
            this.expectedStatus = expectedStatus;
            this.request = request;
            this.completedAt = completedAt;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            long due = perSecond == 0 ? now : begin + next * 1_000_000_000L / perSecond;
            if (next == signers || due > now) {
                return Optional.empty();
            }
            int signer = next++;
            return Optional.of(new HttpLoad.TimedRequest(request.apply(signer), due) {
                @Override
                protected void completed(int status, String body, long nanos) {
                    if (status != expectedStatus) {
                        throw new UserException("A request ended with status " + status + ".");
                    }
                    completedAt.accept(System.currentTimeMillis());
                }
            });
        }

        @Override
        public boolean finished() {
            return next == signers;
        }
    }
}
