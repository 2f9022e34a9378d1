/** What operators do with what is derived from the history. */
package org.countersign.cli.projection;
