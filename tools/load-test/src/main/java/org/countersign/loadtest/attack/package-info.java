/** Sends a signing attack and an honest crowd at once, and measures what the screening of sign calls does with each. */
@NullMarked
package org.countersign.loadtest.attack;

import org.jspecify.annotations.NullMarked;
