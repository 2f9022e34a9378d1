package org.countersign.support.access;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An authenticated caller with an account.
 *
 * @param id how the access log names the caller, {@code person UUID} or {@code token UUID}
 * @param person whose memberships decide
 * @param scope the roles that a token is limited to, empty for a session
 */
public record Caller(String id, UUID person, Optional<Set<String>> scope) {}
