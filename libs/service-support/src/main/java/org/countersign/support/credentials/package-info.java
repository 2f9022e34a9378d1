/** Users, passwords and the common security settings of the services. */
@NullMarked
package org.countersign.support.credentials;

import org.jspecify.annotations.NullMarked;
