/** Ends a service without failing requests. */
@NullMarked
package org.countersign.support.drain;

import org.jspecify.annotations.NullMarked;
