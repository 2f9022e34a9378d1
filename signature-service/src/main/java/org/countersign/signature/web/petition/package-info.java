/** What people see: pages that work without JavaScript and are better with it. */
package org.countersign.signature.web.petition;
