/** Accepts and relays TCP connections. */
@NullMarked
package org.countersign.localstack.net;

import org.jspecify.annotations.NullMarked;
