package org.countersign.signature.screening;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A text file with one domain in a line. Lines that are empty or begin with # are ignored. */
final class DomainFile {

    private DomainFile() {}

    /** Opens a file that the service brings along. */
    static Reader resource(String name) {
        return new InputStreamReader(
                Objects.requireNonNull(DomainFile.class.getResourceAsStream("/" + name), name), StandardCharsets.UTF_8);
    }

    /**
     * Reads and closes a file.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    static Set<String> read(Reader file) {
        try (BufferedReader lines = new BufferedReader(file)) {
            return lines.lines()
                    .map(line -> line.strip().toLowerCase(Locale.ROOT))
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
