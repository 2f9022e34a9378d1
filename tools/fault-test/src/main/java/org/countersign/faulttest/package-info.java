/**
 * Implements {@code countersign faults}, which breaks a stack under load and verifies from outside that every number is
 * right.
 */
@NullMarked
package org.countersign.faulttest;

import org.jspecify.annotations.NullMarked;
