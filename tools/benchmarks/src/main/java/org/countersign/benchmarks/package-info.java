/** The bench command: every figure that docs/performance.md claims, measured beside what it is compared with. */
package org.countersign.benchmarks;
