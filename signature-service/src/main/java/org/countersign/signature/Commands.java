package org.countersign.signature;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.UUID;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.countersign.signature.log.EventMetaData;
import org.countersign.signature.problem.Refusal;
import org.springframework.stereotype.Component;

/** Sends commands to their aggregates and waits until their events are durable. */
@Component
public class Commands {

    private static final int ATTEMPTS = 20;

    private final CommandGateway gateway;
    private final MeterRegistry meters;

    Commands(CommandGateway gateway, MeterRegistry meters) {
        this.gateway = gateway;
        this.meters = meters;
    }

    /**
     * Has a command done. If another instance continued the same stream meanwhile, it is decided anew from what is there.
     *
     * @return what the command's handler gives
     * @throws Refusal if the aggregate refuses it
     * @throws org.countersign.signature.log.LogUnavailableException if its events can't be made durable: nothing was recorded
     */
    public <R> R send(Object command) {
        Timer.Sample sample = Timer.start(meters);
        String outcome = "failed";
        try {
            R result = sendUntilUndisturbed(command);
            outcome = "done";
            return result;
        } catch (Refusal | AggregateStreamCreationException e) {
            outcome = "refused";
            throw e;
        } finally {
            sample.stop(meters.timer("countersign.commands", "type", command.getClass().getSimpleName(), "outcome", outcome));
        }
    }

    private <R> R sendUntilUndisturbed(Object command) {
        for (int attempt = 1; ; attempt++) {
            try {
                UUID trace = Trace.current();
                return gateway.sendAndWait(trace == null ? command
                        : new GenericCommandMessage<>(command, MetaData.with(EventMetaData.TRACE, trace)));
            } catch (ConcurrencyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
