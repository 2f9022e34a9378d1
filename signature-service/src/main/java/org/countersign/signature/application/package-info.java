/** Alerts: whom, besides organiser and signers, the organiser wants told of milestones by mail. */
package org.countersign.signature.application;
