/** Real servers for tests, and the HTTP client and receivers that test suites share. */
@NullMarked
package org.countersign.testkit;

import org.jspecify.annotations.NullMarked;
