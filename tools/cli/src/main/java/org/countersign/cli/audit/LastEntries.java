package org.countersign.cli.audit;

import java.util.UUID;

/**
 * The last entry of each signature of a log, in about 40 bytes each: a hash table with open addressing. A value is the
 * number of the petition and the public status.
 */
final class LastEntries {

    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final int STATUS_BITS = 2;

    private long[] ids = new long[2 * INITIAL_CAPACITY];
    private int[] values = new int[INITIAL_CAPACITY];
    private int size;

    /** The status of a signature that the public log can show. */
    enum PublicStatus {
        NONE("none"),
        VERIFIED("verified"),
        WITHDRAWN("withdrawn"),
        INVALIDATED("invalidated");

        private final String text;

        PublicStatus(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        /** Returns the status of a name, or {@link #NONE} for another text. */
        static PublicStatus of(String text) {
            for (PublicStatus status : values()) {
                if (status.text.equals(text)) {
                    return status;
                }
            }
            return NONE;
        }
    }

    /**
     * The last entry of a signature.
     *
     * @param petition the number of its petition
     * @param status its status
     */
    record LastEntry(int petition, PublicStatus status) {}

    /**
     * Records an entry.
     *
     * @param signature the signature
     * @param petition the number of the petition, from 0
     * @param status the status after the entry
     * @return the entry before; for a new signature the same petition without a status
     */
    LastEntry put(UUID signature, int petition, PublicStatus status) {
        int slot = slot(ids, values, signature.getMostSignificantBits(), signature.getLeastSignificantBits());
        int before = values[slot];
        values[slot] = (petition + 1) << STATUS_BITS | status.ordinal();
        if (before != 0) {
            int statusBits = before & (1 << STATUS_BITS) - 1;
            return new LastEntry((before >>> STATUS_BITS) - 1, PublicStatus.values()[statusBits]);
        }
        ids[2 * slot] = signature.getMostSignificantBits();
        ids[2 * slot + 1] = signature.getLeastSignificantBits();
        size++;
        if (2 * size > values.length) {
            grow();
        }
        return new LastEntry(petition, PublicStatus.NONE);
    }

    /** Returns the number of signatures. */
    int size() {
        return size;
    }

    private void grow() {
        long[] newIds = new long[2 * ids.length];
        int[] newValues = new int[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                int slot = slot(newIds, newValues, ids[2 * i], ids[2 * i + 1]);
                newIds[2 * slot] = ids[2 * i];
                newIds[2 * slot + 1] = ids[2 * i + 1];
                newValues[slot] = values[i];
            }
        }
        ids = newIds;
        values = newValues;
    }

    /** Returns the slot of a signature, or the free one where it belongs. */
    private static int slot(long[] ids, int[] values, long high, long low) {
        int mask = values.length - 1;
        int slot = (int) ((high ^ low) * 0x9E37_79B9_7F4A_7C15L >>> 33) & mask;
        while (values[slot] != 0 && (ids[2 * slot] != high || ids[2 * slot + 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
