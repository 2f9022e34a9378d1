package org.countersign.signature.export;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes CSV (RFC 4180). Text that a spreadsheet would read as a formula is defused. */
public final class CsvWriter {

    /** The first characters of formulas (OWASP, CSV injection). */
    private static final Pattern FORMULA =
            Pattern.compile("[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20].*", Pattern.DOTALL);

    private static final Pattern TO_QUOTE = Pattern.compile("[\",\r\n;]");

    private CsvWriter() {}

    /** Returns a line with its line break. */
    public static String line(List<String> fields) {
        return fields.stream().map(CsvWriter::field).collect(Collectors.joining(",")) + "\r\n";
    }

    private static String field(String text) {
        String safe = FORMULA.matcher(text).matches() ? "'" + text : text;
        return TO_QUOTE.matcher(safe).find() ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
