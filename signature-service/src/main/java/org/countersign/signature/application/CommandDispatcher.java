package org.countersign.signature.application;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.Rejection;
import org.springframework.stereotype.Component;

/** Sends commands to their aggregates and waits until their events are durable. */
@Component
public class CommandDispatcher {

    /** After as many changes of the same stream by others, the command fails. */
    static final int MAX_ATTEMPTS = 20;

    private final CommandGateway gateway;
    private final MeterRegistry meters;
    private final Map<Class<?>, OutcomeTimers> timers = new ConcurrentHashMap<>();

    CommandDispatcher(CommandGateway gateway, MeterRegistry meters) {
        this.gateway = gateway;
        this.meters = meters;
    }

    /**
     * Sends a command and waits until its events are durable. If another instance appended to the same stream in the
     * meantime, the aggregate decides again from the new events.
     *
     * @param command data for a command handler
     * @return the result of the command handler
     * @throws Rejection if the aggregate rejects the command
     * @throws org.countersign.signature.domain.LogUnavailableException if the events cannot be made durable, or that is
     *     unknown
     */
    public <R> R send(Object command) {
        return send(command, TraceContext.current());
    }

    /** Like {@link #send(Object)}, for a command that an earlier request has caused. */
    <R> R send(Object command, Optional<UUID> trace) {
        return time(command.getClass(), () -> sendWithRetries(command, trace));
    }

    /** Carries out a command, and records its outcome and time. */
    <R> R time(Class<?> command, Supplier<R> execution) {
        OutcomeTimers ofType = timers.computeIfAbsent(command, this::timers);
        Timer outcome = ofType.failed();
        long start = System.nanoTime();
        try {
            R result = execution.get();
            outcome = ofType.done();
            return result;
        } catch (Rejection | AggregateStreamCreationException e) {
            outcome = ofType.refused();
            throw e;
        } finally {
            outcome.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    /** A lookup of a timer by its tags costs more than recording a time. */
    private record OutcomeTimers(Timer done, Timer refused, Timer failed) {}

    private OutcomeTimers timers(Class<?> command) {
        return new OutcomeTimers(timer(command, "done"), timer(command, "refused"), timer(command, "failed"));
    }

    private Timer timer(Class<?> command, String outcome) {
        return meters.timer("countersign.commands", "type", command.getSimpleName(), "outcome", outcome);
    }

    private <R> R sendWithRetries(Object command, Optional<UUID> trace) {
        for (int attempt = 1; ; attempt++) {
            try {
                return gateway.sendAndWait(trace.<Object>map(known ->
                                new GenericCommandMessage<>(command, MetaData.with(EventMetaData.TRACE, known)))
                        .orElse(command));
            } catch (ConcurrencyException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
