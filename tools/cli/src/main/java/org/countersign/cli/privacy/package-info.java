/** The papers of a data protection officer, from the configuration of a running stack. */
@NullMarked
package org.countersign.cli.privacy;

import org.jspecify.annotations.NullMarked;
