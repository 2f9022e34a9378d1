/**
 * {@code countersign faults}: breaks a stack while people sign, and proves from outside that every number is right
 * afterwards.
 */
package org.countersign.faulttest;
