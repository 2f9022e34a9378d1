package org.countersign.notifier.delivery;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A way to send things. Each worker opens one of its own. */
public interface Channel extends AutoCloseable {

    /**
     * Sends the deliveries.
     *
     * @return how each of them ended
     */
    Map<Delivery, Outcome> send(List<Delivery> deliveries);

    /** Called when there is nothing to send: lets go of what would stay open for nothing. */
    void idle();

    @Override
    void close();

    /** Opens channels. */
    interface Factory {

        /** What goes through these channels. */
        Medium medium();

        /** How many may be open at a time. */
        int workers();

        /** How many deliveries a worker takes at a time. */
        int batch();

        Channel open();
    }

    /** The same outcome for all of them. */
    static Map<Delivery, Outcome> all(Collection<Delivery> deliveries, Outcome outcome) {
        return deliveries.stream().collect(java.util.stream.Collectors.toMap(delivery -> delivery, delivery -> outcome));
    }
}
