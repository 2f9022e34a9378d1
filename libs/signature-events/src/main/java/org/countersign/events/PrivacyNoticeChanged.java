package org.countersign.events;

import java.time.Instant;

/**
 * The organiser changed the privacy notice of a petition, or gave one to a petition of an earlier release. Signings
 * from then on name the new version.
 *
 * @param actor the user name of the organiser's login
 * @param version the number of the new version
 * @param notice its texts
 */
public record PrivacyNoticeChanged(PetitionSlug petition, Instant at, String actor, int version, PrivacyNotice notice)
        implements PetitionEvent {}
