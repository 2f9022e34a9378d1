/** Contains operator commands for backups, and for the recovery after a restore or a loss of Kafka. */
@NullMarked
package org.countersign.cli.recovery;

import org.jspecify.annotations.NullMarked;
