/** Petitions in files, and publishing them. */
package org.countersign.cli.petition;
