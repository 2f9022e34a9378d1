/** Histories as people read them: a signature's life, and how a petition's number came about. */
package org.countersign.signature.story;
