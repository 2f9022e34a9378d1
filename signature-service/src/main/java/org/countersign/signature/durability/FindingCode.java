package org.countersign.signature.durability;

import java.util.Locale;

/** The kinds of findings. Alerts and documents use the codes, so a code never changes its meaning. */
enum FindingCode {
    POSTGRES_FSYNC(true),
    POSTGRES_FULL_PAGE_WRITES(true),
    POSTGRES_SYNCHRONOUS_COMMIT(true),
    POSTGRES_NO_STANDBY(true),
    POSTGRES_STANDBY_UNKNOWN(true),
    POSTGRES_STANDBY_AWAY(false),
    POSTGRES_UNREACHABLE(false),
    KAFKA_REPLICATION(true),
    KAFKA_MIN_INSYNC(true),
    KAFKA_UNCLEAN_ELECTION(true),
    KAFKA_DENIED(true),
    KAFKA_OUT_OF_SYNC(false),
    KAFKA_UNREACHABLE(false);

    private final boolean setting;

    FindingCode(boolean setting) {
        this.setting = setting;
    }

    /**
     * Tells whether a setting causes the finding, so that acknowledged signatures are at risk until somebody changes
     * it. Otherwise a machine is away: commits wait, and nothing is acknowledged that could be lost.
     */
    boolean isSetting() {
        return setting;
    }

    /** Returns the code, for example {@code postgres-fsync}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
