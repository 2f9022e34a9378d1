/** Users and their passwords, as each service keeps them. */
package org.countersign.support.credentials;
