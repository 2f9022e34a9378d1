/** Webhooks, signed as Standard Webhooks defines it (standardwebhooks.com, version 1.0.0). */
@NullMarked
package org.countersign.notifier.webhook;

import org.jspecify.annotations.NullMarked;
