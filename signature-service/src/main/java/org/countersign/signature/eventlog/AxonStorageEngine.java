package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.countersign.events.AlertEvent;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionEvent;
import org.countersign.signature.domain.AggregateTypes;
import org.countersign.signature.domain.EventMetaData;
import org.jspecify.annotations.Nullable;

/** Axon's storage engine on top of the event log. */
class AxonStorageEngine implements EventStorageEngine {

    private static final int PAGE_SIZE = 1000;

    private final GroupCommit commits;
    private final EventLog log;

    AxonStorageEngine(GroupCommit commits, EventLog log) {
        this.commits = commits;
        this.log = log;
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> messages) {
        if (messages.isEmpty()) {
            return;
        }
        List<NewEvent> events =
                messages.stream().map(AxonStorageEngine::newEvent).toList();
        if (commits.append(events) == GroupCommit.AppendResult.CONFLICT) {
            // A repeated signature is routine. A stack trace would cost more than the rest of the call.
            throw events.get(0).sequence() == 0 ? new StreamExistsException() : new StreamChangedException();
        }
    }

    private static NewEvent newEvent(EventMessage<?> message) {
        DomainEventMessage<?> domainEvent = (DomainEventMessage<?>) message;
        Event event = (Event) message.getPayload();
        MetaData metaData = message.getMetaData();
        return new NewEvent(
                StreamIds.of(domainEvent.getAggregateIdentifier()),
                Math.toIntExact(domainEvent.getSequenceNumber()),
                event.petition().value(),
                EventType.of(event),
                event.at(),
                (UUID) metaData.get(EventMetaData.TRACE),
                EventJson.data(event),
                (byte[]) metaData.get(EventMetaData.SECRET));
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        log.requireOpen();
        return DomainEventStream.of(
                log.stream(StreamIds.of(aggregateIdentifier), Math.toIntExact(firstSequenceNumber)).stream()
                        .map(stored -> domainEvent(aggregateIdentifier, stored))
                        .toList());
    }

    private static DomainEventMessage<?> domainEvent(String aggregateIdentifier, StoredEvent stored) {
        Event event = stored.recorded().event();
        MetaData metaData = stored.trace()
                .map(trace -> MetaData.with(EventMetaData.TRACE, trace))
                .orElse(MetaData.emptyInstance());
        return new GenericDomainEventMessage<>(
                aggregateType(event), aggregateIdentifier, stored.sequence(), event, metaData, stored.id(), event.at());
    }

    private static String aggregateType(Event event) {
        // Alert events are petition events as well.
        if (event instanceof AlertEvent) {
            return AggregateTypes.ALERT;
        }
        return event instanceof PetitionEvent ? AggregateTypes.PETITION : AggregateTypes.SIGNATURE;
    }

    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(TrackingToken token, boolean mayBlock) {
        long start = token == null ? 0 : ((GlobalSequenceTrackingToken) token).getGlobalIndex();
        return Stream.iterate(
                        log.after(start, PAGE_SIZE),
                        page -> !page.isEmpty(),
                        page -> log.after(page.get(page.size() - 1).index(), PAGE_SIZE))
                .flatMap(List::stream)
                .map(stored -> new GenericTrackedDomainEventMessage<>(
                        new GlobalSequenceTrackingToken(stored.index()),
                        domainEvent(stored.stream().toString(), stored)));
    }

    @Override
    public @Nullable TrackingToken createTailToken() {
        return null;
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(log.head());
    }

    @Override
    public TrackingToken createTokenAt(Instant time) {
        throw new UnsupportedOperationException("Readers of the log keep an index, not a time");
    }

    // A signature has few events, so snapshots would cost more than they save.
    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        throw new UnsupportedOperationException("The log keeps no snapshots");
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return Optional.empty();
    }

    private static final class StreamExistsException extends AggregateStreamCreationException {
        private StreamExistsException() {
            super("The stream exists already");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class StreamChangedException extends ConcurrencyException {
        private StreamChangedException() {
            super("Another command appended to the stream in the meantime");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
