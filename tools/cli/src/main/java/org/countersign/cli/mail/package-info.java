/** Checks of the sender's domain. */
@NullMarked
package org.countersign.cli.mail;

import org.jspecify.annotations.NullMarked;
