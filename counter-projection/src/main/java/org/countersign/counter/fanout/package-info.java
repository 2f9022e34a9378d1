/**
 * The counts for everybody who looks, on a port of its own making: a live stream costs a socket and a few words of
 * memory, and a change of a count is one array of bytes for all who look at it. What is neither a stream nor a count
 * goes through to the web server behind.
 */
package org.countersign.counter.fanout;
