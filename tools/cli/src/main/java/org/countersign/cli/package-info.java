/** The countersign command: starts the embedded stack, and talks to a running one. */
package org.countersign.cli;
