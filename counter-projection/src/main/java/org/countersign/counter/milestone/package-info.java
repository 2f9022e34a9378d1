/** Which counts are milestones, and telling the world when one is reached. */
package org.countersign.counter.milestone;
