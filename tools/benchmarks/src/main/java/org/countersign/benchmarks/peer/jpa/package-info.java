/** Accepts sign requests with Spring Data JPA and a hot row. */
@NullMarked
package org.countersign.benchmarks.peer.jpa;

import org.jspecify.annotations.NullMarked;
