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
     * @param milestones the milestones of the petition
     * @param verified the verified count
     * @param pending the number of pending signatures
     * @param withdrawn the number of withdrawn signatures
     * @param lastMilestone the last reached milestone, 0 if there is none
     * @param asOfIndex the index of the petition's last event
     * @param asOf the time of that event
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

    /** Records the place of an event of the petition. */
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
                // Other statuses are not counted.
            }
        }
    }

    /** Returns the next milestone if the count has reached it. It counts as reached from then on. */
    OptionalLong takeMilestoneReached() {
        OptionalLong reached = nextMilestone;
        if (reached.isEmpty() || reached.getAsLong() > verified) {
            return OptionalLong.empty();
        }
        lastMilestone = reached.getAsLong();
        nextMilestone = milestones.after(lastMilestone);
        return reached;
    }

    /** Returns the milestones. */
    public Milestones milestones() {
        return milestones;
    }

    /** Returns the verified count. */
    public long verified() {
        return verified;
    }

    /** Returns the number of pending signatures. */
    public long pending() {
        return pending;
    }

    /** Returns the number of withdrawn signatures. */
    public long withdrawn() {
        return withdrawn;
    }

    /** Returns the last reached milestone, 0 if there is none. */
    public long lastMilestone() {
        return lastMilestone;
    }

    /** Returns the index of the last event. */
    public long asOfIndex() {
        return asOfIndex;
    }

    /** Returns the time of the last event. */
    public Instant asOf() {
        return asOf;
    }
}
