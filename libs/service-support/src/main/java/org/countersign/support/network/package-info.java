/** Addresses of clients: literal addresses, networks, trusted proxies, and limits per network. */
@NullMarked
package org.countersign.support.network;

import org.jspecify.annotations.NullMarked;
