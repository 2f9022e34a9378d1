package org.countersign.cli.petition;

import java.util.List;
import java.util.Map;

/**
 * Reads a petition from a file. The file is Markdown with YAML front matter, or a petition page saved as plain text.
 */
final class PetitionFile {

    private PetitionFile() {}

    /**
     * Reads a petition whose file names the recipients.
     *
     * @see #read(String, List)
     */
    static Map<String, Object> read(String text) {
        return read(text, List.of());
    }

    /**
     * Reads a petition.
     *
     * @param text the content of the file
     * @param recipients replace the recipients that the file names, unless the list is empty
     * @return the body of the publish request; fields that the file does not have are absent
     * @throws org.countersign.localstack.client.UserException if the file has neither format, or a required field is
     *     missing
     */
    static Map<String, Object> read(String text, List<String> recipients) {
        String normal = text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replace('\u00a0', ' ')
                .replace('\u202f', ' ')
                .replaceFirst("^\ufeff", "");
        if (!normal.startsWith("---\n")) {
            return SavedPageParser.read(normal, recipients);
        }
        Map<String, Object> petition = FrontMatterParser.read(normal);
        if (!recipients.isEmpty()) {
            petition.put("recipients", recipients);
        }
        return petition;
    }
}
