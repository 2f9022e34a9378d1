/** Access rules of the public port: which call needs which role, and who may call it from where. */
@NullMarked
package org.countersign.support.access;

import org.jspecify.annotations.NullMarked;
