/** Petitions: published by an organiser, open until closed. */
package org.countersign.signature.petition;
