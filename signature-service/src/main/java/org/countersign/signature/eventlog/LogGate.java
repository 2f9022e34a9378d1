package org.countersign.signature.eventlog;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.countersign.signature.domain.LogBehindException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Stands before everything that depends on a complete log: commands, publication, signed heads and sealed data. It is
 * closed while the log is known to lack events, or while nobody knows yet.
 */
@Component
public class LogGate {

    private static final Logger LOG = LoggerFactory.getLogger(LogGate.class);

    /**
     * Why the gate is closed.
     *
     * @param reason what was found, for the operator
     * @param procedure what the operator does next
     */
    public record Closure(String reason, String procedure) {

        private static final Closure UNTIL_COMPARED =
                new Closure("The event log has not been compared with Kafka yet.", "Wait until Kafka answers.");

        /** Tells whether nothing is known to be wrong. */
        public boolean isUntilCompared() {
            return equals(UNTIL_COMPARED);
        }

        /** Returns both as one text. */
        public String text() {
            return reason + " " + procedure;
        }
    }

    private final AtomicLong known = new AtomicLong();
    private volatile @Nullable Closure closure;
    private volatile BooleanSupplier comparison = this::isOpen;

    /** Tells whether the log is complete, as far as known. */
    public boolean isOpen() {
        return closure == null;
    }

    /**
     * Passes only while the log is complete.
     *
     * @throws LogBehindException if the gate is closed
     */
    public void requireOpen() {
        if (closure != null) {
            throw new LogBehindException();
        }
    }

    /** Returns why the gate is closed, or empty if it is open. */
    public Optional<Closure> closure() {
        return Optional.ofNullable(closure);
    }

    /** Closes the gate. Logs a new reason once. */
    public void close(Closure why) {
        Closure before = closure;
        closure = why;
        if (!why.equals(before)) {
            LOG.error("No commands are taken, nothing is published and nothing is signed. {}", why.text());
        }
    }

    /** Closes the gate because the log ends before an event that this instance knows. */
    void closeAsReplaced() {
        close(new Closure(
                "The event log was replaced by one that ends before event " + known() + ".",
                "It is being compared with Kafka."));
    }

    /** Closes the gate before the first comparison. */
    public void closeUntilCompared() {
        closure = Closure.UNTIL_COMPARED;
    }

    /** Opens the gate. */
    public void open() {
        if (closure != null) {
            closure = null;
            LOG.info("Commands are taken: the event log is complete");
        }
    }

    /** Remembers that the log has had an event with this index. */
    public void seen(long index) {
        known.accumulateAndGet(index, Math::max);
    }

    /** Returns the highest index that this instance knows. A log with a lower head was replaced. */
    public long known() {
        return known.get();
    }

    /** Sets the comparison that {@link #compare} runs. */
    public void comparedBy(BooleanSupplier comparing) {
        comparison = comparing;
    }

    /**
     * Compares the log with everything outside it. Leaders call it before they begin.
     *
     * @return whether the gate is open afterwards
     */
    public boolean compare() {
        return comparison.getAsBoolean();
    }
}
