/**
 * The log for everybody: each event is a leaf of an append-only Merkle tree, whose head is signed. A leaf lets a
 * stranger count and holds nothing personal; of everything else it holds a salted commitment.
 */
package org.countersign.signature.publiclog;
