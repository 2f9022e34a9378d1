/** How a service gets along while its database is away, and while more come than it can serve. */
package org.countersign.support.admission;
