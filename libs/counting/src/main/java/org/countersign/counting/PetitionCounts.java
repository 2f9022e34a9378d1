package org.countersign.counting;

import java.time.Instant;
import java.util.OptionalLong;
import org.countersign.events.SignatureStatus;

/** The running counts of one petition. */
public final class PetitionCounts {

    private final Milestones milestones;
    private long verified;
    private long pending;
    private long withdrawn;
    private long lastMilestone;
    private OptionalLong nextMilestone;
    private long asOfIndex;
    private Instant asOf;

    /**
     * The counts at a place in the log.
     *
     * @param lastMilestone the last milestone that was reached, 0 if none was
     * @param asOfIndex the index of the last event that happened to the petition or its signatures
     * @param asOf when that was
     */
    public PetitionCounts(
            Milestones milestones,
            long verified,
            long pending,
            long withdrawn,
            long lastMilestone,
            long asOfIndex,
            Instant asOf) {
        this.milestones = milestones;
        this.verified = verified;
        this.pending = pending;
        this.withdrawn = withdrawn;
        this.lastMilestone = lastMilestone;
        this.nextMilestone = milestones.after(lastMilestone);
        this.asOfIndex = asOfIndex;
        this.asOf = asOf;
    }

    /** Notes that something happened to the petition at this place in the log. */
    void seen(long index, Instant at) {
        asOfIndex = index;
        asOf = at;
    }

    void count(StatusTransition move) {
        add(move.was(), -1);
        add(move.becomes(), 1);
    }

    private void add(SignatureStatus status, int delta) {
        switch (status) {
            case VERIFIED -> verified += delta;
            case PENDING -> pending += delta;
            case WITHDRAWN -> withdrawn += delta;
            default -> {
                // The other states are not counted.
            }
        }
    }

    /**
     * The next milestone if the count has come up to it; it is taken as reached from then on, whatever the count does.
     */
    OptionalLong takeMilestoneReached() {
        OptionalLong reached = nextMilestone;
        if (reached.isEmpty() || reached.getAsLong() > verified) {
            return OptionalLong.empty();
        }
        lastMilestone = reached.getAsLong();
        nextMilestone = milestones.after(lastMilestone);
        return reached;
    }

    /** The petition's milestones. */
    public Milestones milestones() {
        return milestones;
    }

    /** How many signatures count towards the goal. */
    public long verified() {
        return verified;
    }

    /** How many wait for their address to be confirmed. */
    public long pending() {
        return pending;
    }

    /** How many were taken back. */
    public long withdrawn() {
        return withdrawn;
    }

    /** The last milestone that was reached, 0 if none was. */
    public long lastMilestone() {
        return lastMilestone;
    }

    /** The index of the last event that happened to the petition or its signatures. */
    public long asOfIndex() {
        return asOfIndex;
    }

    /** When the last event happened. */
    public Instant asOf() {
        return asOf;
    }
}
