/** The event loop in front of the web server. It serves counts and live streams, and passes other requests on. */
@NullMarked
package org.countersign.counter.fanout;

import org.jspecify.annotations.NullMarked;
