/** Deliveries: planned as rows, sent by workers, retried with back-off, parked where a person can see them. */
package org.countersign.notifier.delivery;
