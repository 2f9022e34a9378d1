package org.countersign.support.sql;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** PostgreSQL array literals, for parameters that are cast to an array type. */
public final class SqlArrays {

    /** Elements of these characters need no quotes in an array literal. */
    private static final Pattern PLAIN_ELEMENT = Pattern.compile("[A-Za-z0-9._-]+");

    private SqlArrays() {}

    /**
     * Returns an array literal such as <code>{1,2}</code>.
     *
     * @param elements numbers, UUIDs or names of letters, digits, dots, hyphens and underscores
     * @return the literal
     * @throws IllegalArgumentException if an element has other characters
     */
    public static String literal(Collection<?> elements) {
        return elements.stream().map(SqlArrays::plain).collect(Collectors.joining(",", "{", "}"));
    }

    private static String plain(Object element) {
        String text = element.toString();
        if (!PLAIN_ELEMENT.matcher(text).matches()) {
            throw new IllegalArgumentException("An element of an SQL array has characters that need quotes");
        }
        return text;
    }
}
