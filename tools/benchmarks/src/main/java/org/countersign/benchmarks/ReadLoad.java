package org.countersign.benchmarks;

import java.io.IOException;
import java.util.Optional;
import java.util.function.IntFunction;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.UserException;

/** GET requests. Each connection sends the next one after each response. */
final class ReadLoad implements HttpLoad.RequestSource {

    private final IntFunction<byte[]> request;
    private final long end;
    private int sent;
    private long answered;
    private long refused;

    private ReadLoad(IntFunction<byte[]> request, long end) {
        this.request = request;
        this.end = end;
    }

    /**
     * Sends requests for the given time.
     *
     * @param request creates the request with a number, from 0
     * @return the responses per second
     * @throws UserException if a response has another status than 200
     */
    static double run(int port, int clients, double seconds, IntFunction<byte[]> request) throws IOException {
        long start = System.nanoTime();
        ReadLoad requests = new ReadLoad(request, start + (long) (seconds * 1e9));
        try (HttpLoad load = new HttpLoad(port, clients)) {
            load.run(requests);
        }
        if (requests.refused > 0 || requests.answered == 0) {
            throw new UserException("%d of %d requests to port %d failed."
                    .formatted(requests.refused, requests.refused + requests.answered, port));
        }
        return requests.answered * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public Optional<HttpLoad.TimedRequest> next(long now) {
        return now >= end
                ? Optional.empty()
                : Optional.of(new HttpLoad.TimedRequest(request.apply(sent++), now) {
                    @Override
                    protected void completed(int status, String body, long nanos) {
                        answered += status == 200 ? 1 : 0;
                        refused += status == 200 ? 0 : 1;
                    }
                });
    }

    @Override
    public boolean finished() {
        return System.nanoTime() >= end;
    }
}
