package org.countersign.notifier.delivery;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Masks e-mail addresses. A reader who knows the address recognises it, and a stranger learns nothing. */
public final class AddressMasking {

    private static final Pattern ADDRESS = Pattern.compile("([^\\s<>@\"'(),;:])[^\\s<>@\"'(),;:]*"
            + "@([^\\s<>@\"'(),;:])[^\\s<>@\"'(),;:]*?"
            + "(\\.[a-zA-Z]{2,})?(?=[\\s<>\"'(),;:]|\\.?$)");
    private static final int MAX_LENGTH = 500;

    private AddressMasking() {}

    /**
     * Masks the addresses in a text such as an SMTP response, to the form {@code a…@e….org}.
     *
     * @param text an address or any other text
     * @return the text, cut at 500 characters. Empty for null
     */
    public static String mask(@Nullable String text) {
        String masked = text == null ? "" : ADDRESS.matcher(text).replaceAll("$1…@$2…$3");
        return masked.length() > MAX_LENGTH ? masked.substring(0, MAX_LENGTH) : masked;
    }
}
