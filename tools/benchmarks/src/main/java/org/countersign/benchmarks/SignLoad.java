package org.countersign.benchmarks;

import java.io.IOException;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.UserException;

/** People who sign one petition, each once, as fast as they are answered. */
final class SignLoad implements HttpLoad.Source {

    private static int runs;

    private final String run = "r" + ++runs;
    private final long end;
    private long people;
    private long accepted;
    private long refused;
    private long lastAnswer;

    private SignLoad(long end) {
        this.end = end;
    }

    /**
     * Makes sign calls for a time.
     *
     * @return how many were accepted a second
     * @throws UserException if any was not accepted
     */
    static double run(int port, int clients, double seconds) throws IOException {
        long start = System.nanoTime();
        SignLoad people = new SignLoad(start + (long) (seconds * 1e9));
        try (HttpLoad load = new HttpLoad(port, clients)) {
            load.run(people);
        }
        if (people.refused > 0 || people.accepted == 0) {
            throw new UserException(
                    "%d of %d sign calls on port %d were not accepted.".formatted(people.refused, people.people, port));
        }
        return people.accepted * 1e9 / (people.lastAnswer - start);
    }

    @Override
    public HttpLoad.Call next(long now) {
        return now < end ? new Sign(people++, now) : null;
    }

    @Override
    public boolean finished() {
        return System.nanoTime() >= end;
    }

    private final class Sign extends HttpLoad.Call {

        private Sign(long person, long now) {
            super(
                    HttpLoad.post(
                            "/api/petitions/" + BenchmarkStack.PETITION + "/signatures",
                            "{\"name\":\"Bea Bench " + person + "\",\"email\":\"signer-" + person + "@" + run
                                    + ".bench.example\",\"country\":\"AM\",\"comment\":\"I rest there every day.\",\"public\":true,\"updates\":false}"),
                    now);
        }

        @Override
        protected void ended(int status, String body, long nanos) {
            accepted += status == 202 ? 1 : 0;
            refused += status == 202 ? 0 : 1;
            lastAnswer = System.nanoTime();
        }
    }
}
