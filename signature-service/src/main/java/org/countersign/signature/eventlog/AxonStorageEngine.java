package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.ArrayList;
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
    private final EventMac macs;

    AxonStorageEngine(GroupCommit commits, EventLog log, EventMac macs) {
        this.commits = commits;
        this.log = log;
        this.macs = macs;
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> messages) {
        if (messages.isEmpty()) {
            return;
        }
        List<NewEvent> events = messages.stream().map(this::newEvent).toList();
        if (commits.append(events) == GroupCommit.AppendResult.CONFLICT && !appendBehindForgeries(events)) {
            throw events.get(0).sequence() == 0 ? new StreamExistsException() : new StreamChangedException();
        }
    }

    /**
     * Appends the first events of a stream in which somebody has put events that are not authentic. Whoever has access
     * to the database must not be able to lock a person out.
     */
    private boolean appendBehindForgeries(List<NewEvent> events) {
        if (events.get(0).sequence() > 0) {
            return false;
        }
        List<StoredEvent> present = log.place(events.get(0).stream(), 0);
        if (present.isEmpty() || present.stream().anyMatch(StoredEvent::authentic)) {
            return false;
        }
        int free = firstFree(present, 0);
        return commits.append(events.stream()
                        .map(event -> event.at(event.sequence() + free, macs))
                        .toList())
                == GroupCommit.AppendResult.APPENDED;
    }

    /** Returns the first sequence number from the given one on that no event has. */
    private static int firstFree(List<StoredEvent> present, int from) {
        int free = from;
        for (StoredEvent event : present) {
            if (event.sequence() == free) {
                free++;
            }
        }
        return free;
    }

    private NewEvent newEvent(EventMessage<?> message) {
        DomainEventMessage<?> domainEvent = (DomainEventMessage<?>) message;
        Event event = (Event) message.getPayload();
        MetaData metaData = message.getMetaData();
        return NewEvent.of(
                macs,
                StreamIds.of(domainEvent.getAggregateIdentifier()),
                Math.toIntExact(domainEvent.getSequenceNumber()),
                event.petition().value(),
                EventType.of(event),
                event.at(),
                (UUID) metaData.get(EventMetaData.TRACE),
                EventJson.data(event),
                (byte[]) metaData.get(EventMetaData.SECRET),
                (Long) metaData.get(EventMetaData.REPEATED_SIGNING));
    }

    /**
     * Returns the authentic events. The next event goes to the first free place behind them, so that events that are
     * not authentic block no stream.
     */
    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        log.requireOpen();
        List<StoredEvent> present = log.place(StreamIds.of(aggregateIdentifier), Math.toIntExact(firstSequenceNumber));
        log.requireComplete();
        List<StoredEvent> authentic =
                present.stream().filter(StoredEvent::authentic).toList();
        List<DomainEventMessage<?>> messages = new ArrayList<>();
        for (int i = 0; i < authentic.size(); i++) {
            StoredEvent stored = authentic.get(i);
            // Axon appends behind the sequence number of the last event.
            int sequence = i < authentic.size() - 1 ? stored.sequence() : firstFree(present, stored.sequence()) - 1;
            messages.add(domainEvent(aggregateIdentifier, sequence, stored));
        }
        return DomainEventStream.of(messages);
    }

    private static DomainEventMessage<?> domainEvent(String aggregateIdentifier, int sequence, StoredEvent stored) {
        Event event = stored.recorded().event();
        MetaData metaData = stored.trace()
                .map(trace -> MetaData.with(EventMetaData.TRACE, trace))
                .orElse(MetaData.emptyInstance());
        return new GenericDomainEventMessage<>(
                aggregateType(event), aggregateIdentifier, sequence, event, metaData, stored.id(), event.at());
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
                .filter(StoredEvent::authentic)
                .map(stored -> new GenericTrackedDomainEventMessage<>(
                        new GlobalSequenceTrackingToken(stored.index()),
                        domainEvent(stored.stream().toString(), stored.sequence(), stored)));
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
