/** Calls a running stack over HTTP and reports progress to its user. */
@NullMarked
package org.countersign.localstack.client;

import org.jspecify.annotations.NullMarked;
