package org.countersign.signature.publiclog;

import org.countersign.counting.Milestones;

/**
 * A petition of the public log.
 *
 * @param petition the slug
 * @param position the position of the entry that publishes it
 * @param text the fingerprint of its text
 * @param milestones its milestones
 * @param verified the verified count after the last entry
 * @param lastMilestone the last reached milestone, or 0
 */
record LoggedPetition(
        String petition, long position, String text, Milestones milestones, long verified, long lastMilestone) {}
