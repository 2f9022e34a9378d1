package org.countersign.notifier.delivery;

/**
 * A delivery that a worker has leased.
 *
 * @param delivery the delivery
 * @param attempts the number of attempts, this one included
 */
record LeasedDelivery(Delivery delivery, int attempts) {}
