package org.countersign.loadtest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** Watches the counter and the lags while a burst goes on. */
final class LagMonitor {

    /** A petition's counts. */
    record Counts(long verified, long pending, long withdrawn) {

        long all() {
            return verified + pending + withdrawn;
        }

        Counts plus(long moreVerified, long morePending, long moreWithdrawn) {
            return new Counts(verified + moreVerified, pending + morePending, withdrawn + moreWithdrawn);
        }
    }

    /** Told the counts, and how many signatures a second were accepted lately. */
    interface Listener {
        void seen(Counts counts, double perSecond);
    }

    private static final long BETWEEN_LOOKS_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ApiClient api = new ApiClient();
    private final Ports ports;
    private final String petition;
    private final Burst.AcceptedTimes accepted;
    private final Thread thread = new Thread(this::watch, "watch");
    private Listener listener;
    private Counts before;
    private volatile boolean stopped;
    private volatile long behindNanos;
    private volatile double relayLagEvents;
    private volatile double relayLagSeconds;
    private volatile double counterLagEvents;
    private volatile double deliveriesDue;
    private volatile double countedAfterSeconds;

    LagMonitor(Ports ports, String petition, Burst.AcceptedTimes accepted) {
        this.ports = ports;
        this.petition = petition;
        this.accepted = accepted;
        thread.setDaemon(true);
    }

    /** The counts now; zero if the petition has not been counted yet. */
    Counts counts() {
        ApiClient.ApiResponse answer =
                api.get(ports.counterProjection(), "/api/petitions/" + petition + "/counts", Optional.empty());
        if (answer.status() != 200) {
            return new Counts(0, 0, 0);
        }
        JsonNode json = answer.json();
        return new Counts(
                json.get("verified").asLong(),
                json.get("pending").asLong(),
                json.get("withdrawn").asLong());
    }

    void start(Counts countsBefore, Listener toTell) {
        before = countsBefore;
        listener = toTell;
        thread.start();
    }

    private void watch() {
        int acceptedBefore = 0;
        long timeBefore = System.nanoTime();
        double perSecond = 0;
        for (int look = 0; !stopped; look++) {
            try {
                Counts counts = counts();
                long now = System.nanoTime();
                behindNanos = Math.max(behindNanos, accepted.nanosBehind(counts.all() - before.all(), now));
                if (look % 5 == 4) {
                    int acceptedNow = accepted.count();
                    perSecond = (acceptedNow - acceptedBefore) * 1e9 / (now - timeBefore);
                    acceptedBefore = acceptedNow;
                    timeBefore = now;
                    lags();
                }
                listener.seen(counts, perSecond);
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            } catch (UserException away) {
                // It is away or too busy to answer: look again.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void lags() {
        MetricsSnapshot relay = api.metrics(ports.signatureService());
        relayLagEvents = Math.max(
                relayLagEvents, relay.highest("countersign_relay_lag_events").orElse(0));
        relayLagSeconds = Math.max(
                relayLagSeconds, relay.highest("countersign_relay_lag_seconds").orElse(0));
        counterLagEvents = Math.max(
                counterLagEvents,
                api.metrics(ports.counterProjection())
                        .highest("countersign_counter_lag_events")
                        .orElse(0));
        deliveriesDue = Math.max(
                deliveriesDue,
                api.metrics(ports.notifier())
                        .highest("countersign_deliveries_due")
                        .orElse(0));
    }

    /** Waits until the counter shows what is expected, or has not moved for minutes; gives what it shows. */
    Counts awaitCounted(Counts expected) {
        long begin = System.nanoTime();
        long moved = begin;
        Counts last = counts();
        while (!last.equals(expected) && System.nanoTime() - moved < PATIENCE.toNanos()) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Burst.interrupted();
            }
            Counts now = counts();
            moved = now.equals(last) ? moved : System.nanoTime();
            last = now;
        }
        countedAfterSeconds = (System.nanoTime() - begin) / 1e9;
        return last;
    }

    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** The longest that an accepted signature was seen not to be counted yet. */
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

    /** From the last answer until the counter was right. */
    double secondsUntilCounted() {
        return countedAfterSeconds;
    }
}
