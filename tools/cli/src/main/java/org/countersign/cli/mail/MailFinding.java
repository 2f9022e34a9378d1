package org.countersign.cli.mail;

/**
 * What a check has found.
 *
 * @param urgency whether somebody has to act
 * @param record the record that it is about
 * @param text what is right, or what to mend
 */
record MailFinding(Urgency urgency, String record, String text) {

    /** Whether somebody has to act. */
    enum Urgency {
        /** Nothing to do. */
        OK("ok  "),
        /** Works, and could be better. */
        HINT("hint"),
        /** Mail providers may refuse mails. */
        MEND("MEND");

        private final String label;

        Urgency(String label) {
            this.label = label;
        }
    }

    static MailFinding ok(String record, String text) {
        return new MailFinding(Urgency.OK, record, text);
    }

    static MailFinding hint(String record, String text) {
        return new MailFinding(Urgency.HINT, record, text);
    }

    static MailFinding mend(String record, String text) {
        return new MailFinding(Urgency.MEND, record, text);
    }

    /** Returns the finding as one line. */
    String line() {
        return urgency.label + " " + record + ": " + text;
    }
}
