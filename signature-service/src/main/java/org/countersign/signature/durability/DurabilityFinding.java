package org.countersign.signature.durability;

/**
 * A reason why an acknowledged signature may not survive the loss of one machine, or why that is unknown.
 *
 * @param code the kind
 * @param problem what was found, with the name of the setting
 * @param fix what the operator does about it
 */
record DurabilityFinding(FindingCode code, String problem, String fix) {

    /** Returns everything as one line. */
    String text() {
        return code.code() + ": " + problem + " " + fix;
    }
}
