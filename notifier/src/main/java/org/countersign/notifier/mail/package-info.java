/** Mails: their texts, and sending them over SMTP. */
package org.countersign.notifier.mail;
