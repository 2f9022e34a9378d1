package org.countersign.events;

import java.time.Instant;

/**
 * The organiser changed the signing rules of a petition. The event has the whole set, which replaces the earlier one.
 * It is not public: a published rule would tell an attacker how to evade it.
 *
 * @param petition the petition
 * @param at when it happened
 * @param actor the user name of the organiser's login
 * @param reason the organiser's reason
 * @param rules the rules from now on
 */
public record SigningRulesChanged(PetitionSlug petition, Instant at, String actor, String reason, SigningRules rules)
        implements PetitionEvent {}
