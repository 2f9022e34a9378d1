package org.countersign.counting;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.countersign.events.SignatureStatus;

/** The running counts of one petition. */
public final class PetitionCounts {

    private final Milestones milestones;
    private final long[] signatures = new long[SignatureStatus.values().length];
    private long lastMilestone;
    private OptionalLong nextMilestone;
    private long asOfIndex;
    private long position;
    private Instant asOf;

    /**
     * The counts at a place in the log.
     *
     * @param milestones the milestones of the petition
     * @param signatures the number of signatures by status; a missing status has none
     * @param lastMilestone the last reached milestone, 0 if there is none
     * @param asOfIndex the index of the petition's last event
     * @param position the public position of the petition's newest public entry, 0 if there is none
     * @param asOf the time of the petition's newest public event
     */
    public PetitionCounts(
            Milestones milestones,
            Map<SignatureStatus, Long> signatures,
            long lastMilestone,
            long asOfIndex,
            long position,
            Instant asOf) {
        this.milestones = milestones;
        signatures.forEach((status, number) -> this.signatures[status.ordinal()] = number);
        this.lastMilestone = lastMilestone;
        this.nextMilestone = milestones.after(lastMilestone);
        this.asOfIndex = asOfIndex;
        this.position = position;
        this.asOf = asOf;
    }

    /** Records the place of an event of the petition. */
    void seen(long index) {
        asOfIndex = index;
    }

    /** Records the place and the time of a public entry of the petition. */
    void publiclySeen(long at, Instant time) {
        position = at;
        asOf = time;
    }

    void count(StatusTransition move) {
        signatures[move.was().ordinal()]--;
        signatures[move.becomes().ordinal()]++;
    }

    /** Returns the next milestone if the count has reached it. It counts as reached from then on. */
    OptionalLong takeMilestoneReached() {
        OptionalLong reached = nextMilestone;
        if (reached.isEmpty() || reached.getAsLong() > verified()) {
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

    /** Returns the number of signatures of a status other than {@link SignatureStatus#NONE}. */
    public long signatures(SignatureStatus status) {
        return signatures[status.ordinal()];
    }

    /** Returns the verified count. */
    public long verified() {
        return signatures(SignatureStatus.VERIFIED);
    }

    /** Returns the number of pending signatures. */
    public long pending() {
        return signatures(SignatureStatus.PENDING);
    }

    /** Returns the number of withdrawn signatures. */
    public long withdrawn() {
        return signatures(SignatureStatus.WITHDRAWN);
    }

    /** Returns the last reached milestone, 0 if there is none. */
    public long lastMilestone() {
        return lastMilestone;
    }

    /** Returns the index of the last event. Only organisers and auditors may see it. */
    public long asOfIndex() {
        return asOfIndex;
    }

    /** Returns the public position of the newest public entry. */
    public long position() {
        return position;
    }

    /** Returns the time of the newest public event. */
    public Instant asOf() {
        return asOf;
    }
}
