/**
 * The rule by which events make numbers: one for the counter, for replays of the history and for who checks the one by
 * the other.
 */
package org.countersign.counting;
