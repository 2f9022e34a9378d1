package org.countersign.notifier.delivery;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sends deliveries through one channel. Each worker opens one sender. */
public interface DeliverySender extends AutoCloseable {

    /**
     * Sends as many of the deliveries as it can within 15 seconds. That is much less than a lease, so no other worker
     * takes a delivery that is being sent. A worker that is killed delays few deliveries.
     *
     * @return the outcome of each delivery. {@link DeliveryOutcome#later} for those that were not attempted
     */
    Map<Delivery, DeliveryOutcome> send(List<Delivery> deliveries);

    /** Closes idle connections. A worker calls it when no delivery is due. */
    void idle();

    @Override
    void close();

    /** Opens the senders of one channel. */
    interface SenderFactory {

        /** Returns the channel. */
        DeliveryChannel channel();

        /** Returns the number of workers, each with one sender. */
        int workers();

        /** Returns the maximum number of deliveries that a worker leases at a time. */
        int batchSize();

        /**
         * Returns the number of deliveries that each worker sends at the same time. If it is more than 1, the sender is
         * thread-safe, and each call of {@link #send} gets one delivery.
         */
        default int concurrency() {
            return 1;
        }

        /** Opens a sender. The caller closes it. */
        DeliverySender open();
    }

    /** Returns the same outcome for all deliveries. */
    static Map<Delivery, DeliveryOutcome> all(Collection<Delivery> deliveries, DeliveryOutcome outcome) {
        return deliveries.stream().collect(Collectors.toMap(delivery -> delivery, delivery -> outcome));
    }
}
