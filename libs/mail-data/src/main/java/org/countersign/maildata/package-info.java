/** The mail data call between the notifier and the signature service. */
@NullMarked
package org.countersign.maildata;

import org.jspecify.annotations.NullMarked;
