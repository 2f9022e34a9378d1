package org.countersign.benchmarks;

import java.io.IOException;
import java.util.Optional;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.UserException;

/** Sign requests of different signers for one petition. Each connection sends the next one after each response. */
final class SignLoad implements HttpLoad.RequestSource {

    private static int runs;

    private final String run = "r" + ++runs;
    private final long end;
    private long signers;
    private long accepted;
    private long refused;
    private long lastResponse;

    private SignLoad(long end) {
        this.end = end;
    }

    /**
     * Sends sign requests for the given time.
     *
     * @return the accepted requests per second
     * @throws UserException if the service did not accept every request
     */
    static double run(int port, int clients, double seconds) throws IOException {
        long start = System.nanoTime();
        SignLoad load = new SignLoad(start + (long) (seconds * 1e9));
        try (HttpLoad http = new HttpLoad(port, clients)) {
            http.run(load);
        }
        if (load.refused > 0 || load.accepted == 0) {
            throw new UserException(
                    "%d of %d sign requests to port %d were not accepted.".formatted(load.refused, load.signers, port));
        }
        return load.accepted * 1e9 / (load.lastResponse - start);
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
            super(
                    HttpLoad.post(
                            "/api/petitions/" + BenchmarkStack.PETITION + "/signatures",
                            "{\"name\":\"Bea Benchmark\",\"email\":\"signer-" + signer + "@" + run
                                    + ".bench.example\",\"country\":\"AM\",\"comment\":\"I rest there "
                                    + "every day.\",\"public\":true,\"updates\":false}"),
                    now);
        }

        @Override
        protected void completed(int status, String body, long nanos) {
            accepted += status == 202 ? 1 : 0;
            refused += status == 202 ? 0 : 1;
            lastResponse = System.nanoTime();
        }
    }
}
