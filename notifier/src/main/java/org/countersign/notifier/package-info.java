/** The notifier: consumes events; sends mails and webhooks, each planned as a row first and accounted for. */
package org.countersign.notifier;
