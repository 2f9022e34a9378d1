package org.countersign.signature.signals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.countersign.signature.screening.LimitExemptions;
import org.countersign.signature.screening.MailDomains;
import org.countersign.signature.signals.DayKeys.SignalKey;
import org.countersign.signature.token.FormTimes;
import org.countersign.support.network.TrustedProxies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Writes the signals of sign calls in batches, beside the sign path. A sign call puts itself in a bounded queue and
 * never waits. If the queue is full or the database refuses a batch, signals are lost, and no signature.
 */
@Component
class SignalWriter implements SigningSignals {

    private static final Logger LOG = LoggerFactory.getLogger(SignalWriter.class);
    private static final int QUEUE_CAPACITY = 20_000;
    private static final int BATCH_SIZE = 2_000;
    private static final long INTERVAL_MILLIS = 250;

    private final SignalStore store;
    private final DayKeys keys;
    private final FormTimes forms;
    private final LimitExemptions exemptions;
    private final MailDomains domains = new MailDomains();
    private final BlockingQueue<AcceptedCall> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Counter lost;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "signing-signals"));
    private boolean writing = true;

    SignalWriter(SignalStore store, DayKeys keys, FormTimes forms, LimitExemptions exemptions, MeterRegistry meters) {
        this.store = store;
        this.keys = keys;
        this.forms = forms;
        this.exemptions = exemptions;
        this.lost = Counter.builder("countersign.signals.lost")
                .description("sign calls whose signals were lost")
                .register(meters);
    }

    @PostConstruct
    void start() {
        timer.scheduleWithFixedDelay(this::write, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() throws InterruptedException {
        timer.shutdown();
        if (timer.awaitTermination(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            write();
        }
    }

    @Override
    public void record(AcceptedCall call) {
        if (!queue.offer(call)) {
            lost.increment();
        }
    }

    /** Writes what waits, with the key of today. */
    final void write() {
        List<AcceptedCall> batch = new ArrayList<>();
        while (queue.drainTo(batch, BATCH_SIZE) > 0) {
            try {
                SignalKey today = keys.refresh();
                store.add(
                        today.day(),
                        batch.stream().map(call -> signal(call, today)).toList());
                writing = true;
            } catch (RuntimeException e) {
                lost.increment(batch.size());
                if (writing) {
                    // The message may quote a row.
                    LOG.warn("Signals of sign calls are lost: {}", e.getClass().getSimpleName());
                }
                writing = false;
            }
            batch.clear();
        }
    }

    private SigningSignal signal(AcceptedCall call, SignalKey key) {
        String domain = call.address().domain();
        String registered = domains.registered(domain);
        // The detector ignores networks and domains that are exempt from limits.
        Optional<InetAddress> client = TrustedProxies.address(call.client());
        boolean exempt = client.filter(exemptions::isExemptNetwork).isPresent();
        SignalHashes.HashedNetworks networks =
                exempt ? SignalHashes.HashedNetworks.NONE : SignalHashes.networks(key, client);
        return new SigningSignal(
                call.signature().value(),
                call.petition().value(),
                SignalHashes.domain(key, registered),
                networks.network(),
                networks.wider(),
                networks.block(),
                forms.secondsOpen(call.petition(), call.form(), call.at()).orElse(SigningSignal.UNKNOWN),
                exempt || domains.isShared(domain, registered) || exemptions.isExemptDomain(domain),
                GeneratedAddresses.looksGenerated(call.address().typed()),
                call.proved(),
                call.held(),
                LetterCode.of(call.country().value()),
                LetterCode.of(primary(call.language())));
    }

    /** Returns the first part of a language tag. */
    private static String primary(String tag) {
        int end = tag.indexOf('-');
        return end < 0 ? tag : tag.substring(0, end);
    }
}
