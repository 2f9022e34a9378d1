package org.countersign.loadtest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** Polls the counter and the lag metrics during a burst. */
final class LagMonitor {

    /** Counts of a petition as the counter reported them. */
    record ObservedCounts(long verified, long pending, long withdrawn) {

        long all() {
            return verified + pending + withdrawn;
        }

        ObservedCounts plus(long moreVerified, long morePending, long moreWithdrawn) {
            return new ObservedCounts(verified + moreVerified, pending + morePending, withdrawn + moreWithdrawn);
        }
    }

    /** Receives the counts and the current rate of accepted signatures per second. */
    interface CountsListener {
        void observed(ObservedCounts counts, double perSecond);
    }

    private static final long POLL_INTERVAL_MILLIS = 200;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final ApiClient api = new ApiClient();
    /** Only organisers and auditors see how many signatures are pending and withdrawn. */
    private final Optional<String> credentials;

    private final Ports ports;
    private final String petition;
    private final AcceptedTimes accepted;
    private final Thread thread = new Thread(this::poll, "lag-monitor");
    private CountsListener listener = (counts, perSecond) -> {};
    private ObservedCounts before = new ObservedCounts(0, 0, 0);
    private volatile boolean stopped;
    private volatile long behindNanos;
    private volatile double relayLagEvents;
    private volatile double relayLagSeconds;
    private volatile double counterLagEvents;
    private volatile double deliveriesDue;
    private volatile double countedAfterSeconds;

    LagMonitor(Ports ports, Optional<String> credentials, String petition, AcceptedTimes accepted) {
        this.ports = ports;
        this.credentials = credentials;
        this.petition = petition;
        this.accepted = accepted;
        thread.setDaemon(true);
    }

    /** Returns the current counts, or zeros if the counter does not know the petition yet. */
    ObservedCounts counts() {
        ApiClient.ApiResponse response =
                api.get(ports.counterProjection(), "/api/petitions/" + petition + "/funnel", credentials);
        if (response.status() == 404) {
            return new ObservedCounts(0, 0, 0);
        }
        JsonNode json = ApiClient.require(200, response).json();
        return new ObservedCounts(
                json.get("verified").asLong(),
                json.get("pending").asLong(),
                json.get("withdrawn").asLong());
    }

    void start(ObservedCounts countsBefore, CountsListener countsListener) {
        before = countsBefore;
        listener = countsListener;
        thread.start();
    }

    private void poll() {
        int acceptedBefore = 0;
        long timeBefore = System.nanoTime();
        double perSecond = 0;
        for (int poll = 0; !stopped; poll++) {
            try {
                ObservedCounts counts = counts();
                long now = System.nanoTime();
                behindNanos = Math.max(behindNanos, accepted.nanosBehind(counts.all() - before.all(), now));
                if (poll % 5 == 4) {
                    int acceptedNow = accepted.count();
                    perSecond = (acceptedNow - acceptedBefore) * 1e9 / (now - timeBefore);
                    acceptedBefore = acceptedNow;
                    timeBefore = now;
                    readLags();
                }
                listener.observed(counts, perSecond);
                Thread.sleep(POLL_INTERVAL_MILLIS);
            } catch (UserException unavailable) {
                // A service is down or overloaded. The next poll tries again.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void readLags() {
        MetricsSnapshot relay = api.metrics(ports.signatureServiceManagement());
        relayLagEvents = Math.max(
                relayLagEvents, relay.highest("countersign_relay_lag_events").orElse(0));
        relayLagSeconds = Math.max(
                relayLagSeconds, relay.highest("countersign_relay_lag_seconds").orElse(0));
        counterLagEvents = Math.max(
                counterLagEvents,
                api.metrics(ports.counterProjectionManagement())
                        .highest("countersign_counter_lag_events")
                        .orElse(0));
        deliveriesDue = Math.max(
                deliveriesDue,
                api.metrics(ports.notifierManagement())
                        .highest("countersign_deliveries_due")
                        .orElse(0));
    }

    /**
     * Waits until the counter reports the expected counts, or makes no progress within the timeout. Returns its counts.
     */
    ObservedCounts awaitCounted(ObservedCounts expected) {
        long begin = System.nanoTime();
        long lastChange = begin;
        ObservedCounts last = counts();
        while (!last.equals(expected) && System.nanoTime() - lastChange < TIMEOUT.toNanos()) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw Burst.interrupted();
            }
            ObservedCounts now = counts();
            lastChange = now.equals(last) ? lastChange : System.nanoTime();
            last = now;
        }
        countedAfterSeconds = (System.nanoTime() - begin) / 1e9;
        return last;
    }

    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Returns the longest observed delay between the acceptance and the counting of a signature, in seconds. */
    double mostSecondsBehind() {
        return behindNanos / 1e9;
    }

    double mostRelayLagEvents() {
        return relayLagEvents;
    }

    double mostRelayLagSeconds() {
        return relayLagSeconds;
    }

    double mostCounterLagEvents() {
        return counterLagEvents;
    }

    double mostDeliveriesDue() {
        return deliveriesDue;
    }

    /** Returns the seconds from the last response until the counter had the expected counts. */
    double secondsUntilCounted() {
        return countedAfterSeconds;
    }
}
