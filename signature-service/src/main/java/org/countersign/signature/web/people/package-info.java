/**
 * The pages for people with an account: signing in, the own account, invitations, and the people of an organisation.
 */
@NullMarked
package org.countersign.signature.web.people;

import org.jspecify.annotations.NullMarked;
