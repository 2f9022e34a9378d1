/** Finds petitions: by words, by topic, and in several orders. */
@NullMarked
package org.countersign.signature.search;

import org.jspecify.annotations.NullMarked;
