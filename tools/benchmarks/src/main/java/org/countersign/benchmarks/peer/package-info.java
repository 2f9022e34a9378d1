/** What the product is compared with: small programs that take the same sign call. */
package org.countersign.benchmarks.peer;
