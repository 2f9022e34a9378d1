/** Stores deliveries as rows, leases them to workers, retries them and records the outcome. */
@NullMarked
package org.countersign.notifier.delivery;

import org.jspecify.annotations.NullMarked;
