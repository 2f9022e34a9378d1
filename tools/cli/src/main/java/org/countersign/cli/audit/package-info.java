/** Contains commands that verify the history, the public log and receipts. */
@NullMarked
package org.countersign.cli.audit;

import org.jspecify.annotations.NullMarked;
