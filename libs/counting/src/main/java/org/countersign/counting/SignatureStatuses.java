package org.countersign.counting;

import java.util.Optional;
import java.util.UUID;
import org.countersign.events.SignatureStatus;

/**
 * The status of every signature at a point of the log. An audit follows each signature: what an event says the status
 * was must be what the event before made it, beginning with none.
 *
 * <p>A hash table of primitive values takes about 18 bytes for each signature. A signature is known by the lower 64
 * bits of its id. Among a hundred million signatures, the chance that any two share them is one in a thousand.
 */
public final class SignatureStatuses {

    private static final SignatureStatus[] STATUSES = SignatureStatus.values();
    private static final int INITIAL_CAPACITY = 1 << 10;

    private long[] ids = new long[INITIAL_CAPACITY];
    /** The number of the status plus one, 0 for a free place. */
    private byte[] statuses = new byte[INITIAL_CAPACITY];

    private int size;

    /**
     * Follows a signature to its next status.
     *
     * @param signature the id of the signature
     * @param move the transition of its next event
     * @return the status before the event, if the event says that it was another
     */
    public Optional<SignatureStatus> follow(UUID signature, StatusTransition move) {
        if (size * 3L > ids.length * 2L) {
            grow();
        }
        long id = signature.getLeastSignificantBits();
        int place = placeOf(id);
        SignatureStatus before = SignatureStatus.NONE;
        if (statuses[place] == 0) {
            ids[place] = id;
            size++;
        } else {
            before = STATUSES[statuses[place] - 1];
        }
        statuses[place] = (byte) (move.becomes().ordinal() + 1);
        return move.was() == before ? Optional.empty() : Optional.of(before);
    }

    /** Returns the place of an id, or the free place for it. */
    private int placeOf(long id) {
        int mask = ids.length - 1;
        // Forged events are not followed, so that nobody can choose ids that collide.
        int place = (int) (id * 0x9E37_79B9_7F4A_7C15L >>> 32) & mask;
        while (statuses[place] != 0 && ids[place] != id) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldIds = ids;
        byte[] oldStatuses = statuses;
        ids = new long[oldIds.length * 2];
        statuses = new byte[oldIds.length * 2];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldStatuses[i] != 0) {
                int place = placeOf(oldIds[i]);
                ids[place] = oldIds[i];
                statuses[place] = oldStatuses[i];
            }
        }
    }

    /** Returns the number of signatures. */
    public int size() {
        return size;
    }
}
