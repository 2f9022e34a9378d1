package org.countersign.signature.signals;

import java.time.LocalDate;

/**
 * What many sign calls of a petition have in common, and an honest crowd has not.
 *
 * @param kind what it is
 * @param day the day of the key of the hash in UTC
 * @param key the keyed hash of the domain or network, or the code of a country or language; 0 for others
 * @param share the share of the calls in the window that match, from 0 to 1
 * @param calls the number of calls that match
 * @param held the number of those that a rule held
 */
record Anomaly(Kind kind, LocalDate day, long key, double share, int calls, int held) {

    /** A kind of anomaly. */
    enum Kind {
        /** One mail domain, or one of several that are used alike. Its calls are held. */
        DOMAIN("domain"),
        /** One network whose addresses look generated, or whose forms are sent too fast. Its calls are held. */
        NETWORK("network"),
        /** Addresses that look generated. */
        GENERATED("generated"),
        /** Forms that are sent too fast, or all after the same time. */
        FORM_TIME("form-time"),
        /** Confirmations within seconds of the mail. */
        CONFIRMATION("confirmation"),
        /** One country. It goes with another anomaly only. */
        COUNTRY("country"),
        /** One language. It goes with another anomaly only. */
        LANGUAGE("language");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Returns the name in the API and in the database. */
        String text() {
            return text;
        }

        static Kind of(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("There is no kind of anomaly " + text);
        }
    }
}
