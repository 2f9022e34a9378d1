/** Mails of milestones to whom the organiser wants told. */
package org.countersign.notifier.alert;
