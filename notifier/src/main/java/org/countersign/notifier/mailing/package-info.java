/**
 * Mails to very many: planned at a configured rate, so that they hold up nothing else, and going on after any stop
 * where they were.
 */
package org.countersign.notifier.mailing;
