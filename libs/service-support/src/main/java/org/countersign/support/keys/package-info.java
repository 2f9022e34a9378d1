/** Key rings, message authentication, and the pins that keep a database with its keys. */
@NullMarked
package org.countersign.support.keys;

import org.jspecify.annotations.NullMarked;
