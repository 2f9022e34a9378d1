/** People with an account: how they are invited, sign in, and stay signed in. */
@NullMarked
package org.countersign.signature.people;

import org.jspecify.annotations.NullMarked;
