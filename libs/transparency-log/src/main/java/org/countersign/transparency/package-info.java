/** A transparency log after the C2SP specifications: Merkle tree, tiles, checkpoints and signed notes. */
@NullMarked
package org.countersign.transparency;

import org.jspecify.annotations.NullMarked;
