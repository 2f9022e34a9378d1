/** Organisations, the people who work for them, their roles, and API tokens. */
@NullMarked
package org.countersign.signature.accounts;

import org.jspecify.annotations.NullMarked;
