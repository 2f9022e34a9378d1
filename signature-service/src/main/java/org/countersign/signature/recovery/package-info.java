/** Notices a restored event log or a lost Kafka, and brings either forward from the other. */
@NullMarked
package org.countersign.signature.recovery;

import org.jspecify.annotations.NullMarked;
