/** Reads petitions from files and publishes them. */
@NullMarked
package org.countersign.cli.petition;

import org.jspecify.annotations.NullMarked;
