package org.countersign.cli.petition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a petition from the text of a file: Markdown with YAML front matter, or a petition page saved as plain text.
 */
final class PetitionFile {

    private PetitionFile() {}

    /**
     * The petition as the API takes it; what the file does not say is absent.
     *
     * @throws org.countersign.localstack.client.UserException if it is neither, or lacks what it must have
     */
    static Map<String, Object> read(String text) {
        String normal = text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replace('\u00a0', ' ')
                .replace('\u202f', ' ')
                .replaceFirst("^\ufeff", "");
        return normal.startsWith("---\n") ? FrontMatterParser.read(normal) : SavedPageParser.read(normal);
    }

    /** The fields of a petition that a file gives. */
    static Map<String, Object> petition(String title, String statement, List<String> recipients, Long goal) {
        Map<String, Object> petition = new LinkedHashMap<>();
        petition.put("title", title);
        petition.put("statement", statement);
        petition.put("recipients", recipients);
        petition.put("goal", goal);
        return petition;
    }
}
