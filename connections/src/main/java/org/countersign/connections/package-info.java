/** How a service comes back to its database after the database was away. */
package org.countersign.connections;
