package org.countersign.cli.mail;

/**
 * What a check has found.
 *
 * @param kind whether somebody has to act
 * @param record the record that it is about
 * @param text what is right, or what to mend
 */
record MailFinding(Kind kind, String record, String text) {

    /** Whether somebody has to act. */
    enum Kind {
        /** Nothing to do. */
        OK("ok  "),
        /** Works, and could be better. */
        HINT("hint"),
        /** Mail providers may refuse mails. */
        MEND("MEND");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    static MailFinding ok(String record, String text) {
        return new MailFinding(Kind.OK, record, text);
    }

    static MailFinding hint(String record, String text) {
        return new MailFinding(Kind.HINT, record, text);
    }

    static MailFinding mend(String record, String text) {
        return new MailFinding(Kind.MEND, record, text);
    }

    /** Returns the finding as one line. */
    String line() {
        return kind.label + " " + record + ": " + text;
    }
}
