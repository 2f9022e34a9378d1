/** Webhooks, signed the Standard Webhooks way (standardwebhooks.com, version 1.0.0). */
package org.countersign.notifier.webhook;
