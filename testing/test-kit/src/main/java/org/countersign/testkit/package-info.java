/** Where tests take their servers from: the one place that decides between Testcontainers and the embedded servers. */
package org.countersign.testkit;
