/** Who may look at deliveries and set webhooks, and what is answered when a call can't be done. */
package org.countersign.notifier.access;
