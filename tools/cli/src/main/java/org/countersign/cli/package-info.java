/** Assembles the {@code countersign} command and contains the commands {@code sign} and {@code status}. */
@NullMarked
package org.countersign.cli;

import org.jspecify.annotations.NullMarked;
