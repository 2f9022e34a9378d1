/** Who may have everything counted anew. All else is public. */
package org.countersign.counter.access;
