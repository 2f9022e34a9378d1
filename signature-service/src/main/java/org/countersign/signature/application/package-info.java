/** The use cases: sign, publish, add recipients, expire and erase. When a method returns, its effect is durable. */
@NullMarked
package org.countersign.signature.application;

import org.jspecify.annotations.NullMarked;
