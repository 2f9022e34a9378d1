/**
 * A transparency log: an append-only Merkle tree as RFC 9162 section 2 has it, kept in tiles as C2SP tlog-tiles has
 * them, its head signed as C2SP signed-note and tlog-checkpoint have it. Used by who keeps the log and, the same code,
 * by who checks it.
 */
package org.countersign.transparency;
