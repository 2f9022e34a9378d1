/** The event log in PostgreSQL: totally ordered, without gaps, with group commit. Axon stores aggregates in it. */
@NullMarked
package org.countersign.signature.eventlog;

import org.jspecify.annotations.NullMarked;
