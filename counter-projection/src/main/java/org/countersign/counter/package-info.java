/** The counter: consumes events, keeps counts, finds milestones, streams live counts. */
package org.countersign.counter;
