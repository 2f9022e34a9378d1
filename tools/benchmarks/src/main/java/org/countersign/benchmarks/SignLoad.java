package org.countersign.benchmarks;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongFunction;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.UserException;

/** Sign requests of different signers for one petition. Each connection sends the next one after each response. */
final class SignLoad implements HttpLoad.RequestSource {

    static final String PATH = "/api/petitions/" + BenchmarkStack.PETITION + "/signatures";
    private static final String DOMAIN = ".bench.example";

    private static int runs;

    private final LongFunction<byte[]> requests;
    private final long end;
    private long signers;
    private long accepted;
    private long refused;
    private long lastResponse;

    private SignLoad(LongFunction<byte[]> requests, long end) {
        this.requests = requests;
        this.end = end;
    }

    /** Returns a part of mail addresses that no other load of this process has. */
    static String newRun() {
        return "r" + ++runs;
    }

    /**
     * Sends sign requests for the given time.
     *
     * @return the accepted requests per second
     * @throws UserException if the service did not accept every request
     */
    static double run(int port, int clients, double seconds) throws IOException {
        String run = newRun();
        return run(
                port, clients, seconds, signer -> HttpLoad.post(PATH, form("signer-" + signer + "@" + run + DOMAIN)));
    }

    /**
     * Sends other sign requests for the given time.
     *
     * @param requests makes the request of each signer, with numbers from 0
     * @return the accepted requests per second
     * @throws UserException if the service did not accept every request
     */
    static double run(int port, int clients, double seconds, LongFunction<byte[]> requests) throws IOException {
        long start = System.nanoTime();
        SignLoad load = send(port, clients, seconds, requests);
        if (load.refused > 0 || load.accepted == 0) {
            throw new UserException(
                    "%d of %d sign requests to port %d were not accepted.".formatted(load.refused, load.signers, port));
        }
        return load.accepted * 1e9 / (load.lastResponse - start);
    }

    /** Sends sign requests to a service that is cold, and may refuse some of them. */
    static void warmUp(int port, int clients, double seconds) throws IOException {
        String run = newRun();
        warmUp(port, clients, seconds, signer -> HttpLoad.post(PATH, form("signer-" + signer + "@" + run + DOMAIN)));
    }

    /** Sends other sign requests to a service that is cold, and may refuse some of them. */
    static void warmUp(int port, int clients, double seconds, LongFunction<byte[]> requests) throws IOException {
        send(port, clients, seconds, requests);
    }

    private static SignLoad send(int port, int clients, double seconds, LongFunction<byte[]> requests)
            throws IOException {
        SignLoad load = new SignLoad(requests, System.nanoTime() + (long) (seconds * 1e9));
        try (HttpLoad http = new HttpLoad(port, clients)) {
            http.run(load);
        }
        return load;
    }

    /** Returns the form of a signer with this mail address. */
    static String form(String address) {
        return "{\"name\":\"Bea Benchmark\",\"email\":\"" + address
                + "\",\"country\":\"AM\",\"comment\":\"I rest there every day.\",\"public\":true,\"updates\":false}";
    }

    @Override
    public Optional<HttpLoad.TimedRequest> next(long now) {
        return now < end ? Optional.of(new LoadSignRequest(signers++, now)) : Optional.empty();
    }

    @Override
    public boolean finished() {
        return System.nanoTime() >= end;
    }

    private final class LoadSignRequest extends HttpLoad.TimedRequest {

        private LoadSignRequest(long signer, long now) {
            super(requests.apply(signer), now);
        }

        @Override
        protected void completed(int status, String body, long nanos) {
            accepted += status == 202 ? 1 : 0;
            refused += status == 202 ? 0 : 1;
            lastResponse = System.nanoTime();
        }
    }
}
