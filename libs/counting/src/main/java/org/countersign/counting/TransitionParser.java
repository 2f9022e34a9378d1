package org.countersign.counting;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.countersign.events.CountryCode;
import org.countersign.events.EventJson;
import org.countersign.events.SignatureStatus;

/**
 * Reads where a signature stood and stands from an event's data in the very form in which {@link EventJson#data} writes
 * it, at a fraction of what a JSON parser takes. Whatever is in another form, JSON or not, is left to the parser.
 */
final class TransitionParser {

    private static final byte[] ROUND = ascii("{\"round\":");
    private static final byte[] COUNTRY = ascii(",\"country\":\"");
    private static final byte[] WAS = ascii("\",\"was\":\"");
    private static final byte[] BECOMES = ascii("\",\"becomes\":\"");
    private static final byte[] COUNTRY_AGAIN = ascii("\"country\"");
    private static final byte[] WAS_AGAIN = ascii("\"was\"");
    private static final byte[] BECOMES_AGAIN = ascii("\"becomes\"");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final SignatureStatus[] STATUSES = SignatureStatus.values();
    private static final byte[][] STATUS_TEXTS =
            Arrays.stream(STATUSES).map(status -> ascii(status.text())).toArray(byte[][]::new);
    private static final CountryCode[] COUNTRIES = new CountryCode[26 * 26];

    static {
        for (String code : Locale.getISOCountries()) {
            COUNTRIES[place(code.charAt(0), code.charAt(1))] = new CountryCode(code);
        }
    }

    private final byte[] data;
    private int at;

    private TransitionParser(byte[] data) {
        this.data = data;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int place(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }

    /** The move, or null if the data is in another form. */
    static StatusTransition read(byte[] data) {
        return new TransitionParser(data).move();
    }

    private StatusTransition move() {
        if (!take(ROUND) || !number() || !take(COUNTRY)) {
            return null;
        }
        CountryCode country = country();
        SignatureStatus was = country == null || !take(WAS) ? null : status();
        SignatureStatus becomes = was == null || !take(BECOMES) ? null : status();
        return becomes != null && take('"') && rest() ? new StatusTransition(was, becomes, country) : null;
    }

    /**
     * What follows the fields that are wanted: others that are texts without escapes, whole numbers or truth values.
     */
    private boolean rest() {
        while (take(',')) {
            // A field that comes again is for the parser to decide.
            if (take(COUNTRY_AGAIN)
                    || take(WAS_AGAIN)
                    || take(BECOMES_AGAIN)
                    || !text()
                    || !take(':')
                    || !(text() || take(TRUE) || take(FALSE) || number())) {
                return false;
            }
        }
        return take('}') && at == data.length;
    }

    private boolean take(char expected) {
        boolean there = at < data.length && data[at] == expected;
        at += there ? 1 : 0;
        return there;
    }

    private boolean take(byte[] expected) {
        int end = at + expected.length;
        boolean there = end <= data.length && Arrays.equals(data, at, end, expected, 0, expected.length);
        at += there ? expected.length : 0;
        return there;
    }

    /** Of nine digits at most, without a zero in front, so that nothing is taken here that a parser would not take. */
    private boolean number() {
        int begin = at;
        while (at < data.length && data[at] >= '0' && data[at] <= '9') {
            at++;
        }
        int digits = at - begin;
        return digits > 0 && digits < 10 && (digits == 1 || data[begin] != '0');
    }

    private boolean text() {
        if (!take('"')) {
            return false;
        }
        for (; at < data.length; at++) {
            byte letter = data[at];
            if (letter == '"') {
                at++;
                return true;
            }
            // An escape, a control character, or a letter of several bytes (which are negative).
            if (letter == '\\' || letter < ' ') {
                return false;
            }
        }
        return false;
    }

    private CountryCode country() {
        if (at + 2 > data.length || !isCapital(data[at]) || !isCapital(data[at + 1])) {
            return null;
        }
        at += 2;
        return COUNTRIES[place(data[at - 2], data[at - 1])];
    }

    private static boolean isCapital(byte letter) {
        return letter >= 'A' && letter <= 'Z';
    }

    private SignatureStatus status() {
        for (int i = 0; i < STATUS_TEXTS.length; i++) {
            // No status begins like another, so the first that fits is the one.
            if (take(STATUS_TEXTS[i])) {
                return STATUSES[i];
            }
        }
        return null;
    }
}
