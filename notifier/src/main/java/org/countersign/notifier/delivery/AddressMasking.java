package org.countersign.notifier.delivery;

import java.util.regex.Pattern;

/** Addresses made unrecognisable to strangers and still of use to whoever knows them. */
public final class AddressMasking {

    private static final Pattern ADDRESS = Pattern.compile(
            "([^\\s<>@\"'(),;:])[^\\s<>@\"'(),;:]*@([^\\s<>@\"'(),;:])[^\\s<>@\"'(),;:]*?(\\.[a-zA-Z]{2,})?(?=[\\s<>\"'(),;:]|\\.?$)");
    private static final int LONGEST = 500;

    private AddressMasking() {}

    /** The address with all but its first letters and its last label hidden: {@code a…@e….org}. */
    public static String address(String address) {
        return text(address);
    }

    /** A text, such as a server's answer, with the addresses in it masked, cut at 500 characters. */
    public static String text(String text) {
        String masked = text == null ? "" : ADDRESS.matcher(text).replaceAll("$1…@$2…$3");
        return masked.length() > LONGEST ? masked.substring(0, LONGEST) : masked;
    }
}
