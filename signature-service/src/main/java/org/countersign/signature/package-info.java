/** The signature service: commands, the event log, the relay to Kafka, the public log, audits and pages. */
@NullMarked
package org.countersign.signature;

import org.jspecify.annotations.NullMarked;
