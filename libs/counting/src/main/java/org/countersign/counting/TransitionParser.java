package org.countersign.counting;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.countersign.events.CountryCode;
import org.countersign.events.EventJson;
import org.countersign.events.SignatureStatus;
import org.jspecify.annotations.Nullable;

/**
 * Parses the status transition from data in the exact form that {@link EventJson#data} writes, much faster than a JSON
 * parser. It leaves every other form to {@link TransitionJson}.
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

    /** Returns the transition, or null if the data has another form. */
    static @Nullable StatusTransition read(byte[] data) {
        return new TransitionParser(data).transition();
    }

    private @Nullable StatusTransition transition() {
        if (!take(ROUND) || !number() || !take(COUNTRY)) {
            return null;
        }
        CountryCode country = country();
        SignatureStatus was = country == null || !take(WAS) ? null : status();
        SignatureStatus becomes = was == null || !take(BECOMES) ? null : status();
        if (country == null || was == null || becomes == null || !take('"') || !rest()) {
            return null;
        }
        return new StatusTransition(was, becomes, country);
    }

    /** Skips the remaining fields: texts without escapes, whole numbers and booleans. */
    private boolean rest() {
        while (take(',')) {
            // The JSON parser decides about repeated fields.
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

    /** Accepts at most nine digits without a leading zero, so that it never accepts more than the JSON parser. */
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
            // An escape, a control character, or a byte of a multi-byte character (negative).
            if (letter == '\\' || letter < ' ') {
                return false;
            }
        }
        return false;
    }

    private @Nullable CountryCode country() {
        if (at + 2 > data.length || !isCapital(data[at]) || !isCapital(data[at + 1])) {
            return null;
        }
        at += 2;
        return COUNTRIES[place(data[at - 2], data[at - 1])];
    }

    private static boolean isCapital(byte letter) {
        return letter >= 'A' && letter <= 'Z';
    }

    private @Nullable SignatureStatus status() {
        for (int i = 0; i < STATUS_TEXTS.length; i++) {
            // No status is a prefix of another.
            if (take(STATUS_TEXTS[i])) {
                return STATUSES[i];
            }
        }
        return null;
    }
}
