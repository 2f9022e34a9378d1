package org.countersign.notifier.delivery;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A way to send things. Each worker opens one of its own. */
public interface DeliverySender extends AutoCloseable {

    /**
     * Sends the deliveries, or as many of them as it can in a quarter of a minute: a worker that is killed holds up
     * what it took, so that is not for long; and what takes long must not be taken for what a dead worker left.
     *
     * @return how each of them ended; {@link DeliveryOutcome#later} for those that were not begun
     */
    Map<Delivery, DeliveryOutcome> send(List<Delivery> deliveries);

    /** Called when there is nothing to send: lets go of what would stay open for nothing. */
    void idle();

    @Override
    void close();

    /** Opens channels. */
    interface Factory {

        /** What goes through these channels. */
        DeliveryChannel channel();

        /** How many may be open at a time. */
        int workers();

        /** How many deliveries a worker takes at a time. */
        int batchSize();

        DeliverySender open();
    }

    /** The same outcome for all of them. */
    static Map<Delivery, DeliveryOutcome> all(Collection<Delivery> deliveries, DeliveryOutcome outcome) {
        return deliveries.stream()
                .collect(java.util.stream.Collectors.toMap(delivery -> delivery, delivery -> outcome));
    }
}
