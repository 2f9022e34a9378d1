package org.countersign.signature.cases;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The state of a case. The names in the database never change. */
public enum CaseState {
    /** Its signatures are being chosen. */
    OPEN,
    /** Its signatures are being invalidated. */
    RUNNING,
    /** The organiser stopped it. What it has invalidated stays so. */
    CANCELLED,
    /** All its signatures were invalidated. */
    DONE,
    /** Its invalidations are being reversed. */
    UNDOING,
    /** Its invalidations were reversed. */
    UNDONE;

    /** Returns the name in JSON and in the database: lower case. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CaseState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
