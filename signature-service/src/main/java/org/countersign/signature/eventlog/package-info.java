/** The event log: totally ordered, without gaps, durable before anybody is answered. Its readers never meet a hole. */
package org.countersign.signature.eventlog;
