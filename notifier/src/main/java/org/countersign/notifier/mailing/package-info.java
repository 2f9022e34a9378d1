/** Mailings to all subscribers of a petition, planned at a limited rate and resumed after a crash. */
@NullMarked
package org.countersign.notifier.mailing;

import org.jspecify.annotations.NullMarked;
