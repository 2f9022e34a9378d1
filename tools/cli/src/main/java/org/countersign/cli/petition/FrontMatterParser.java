package org.countersign.cli.petition;

import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.localstack.client.UserException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Parses Markdown that begins with YAML between two lines of three hyphens. The rest is the statement. */
final class FrontMatterParser {

    private static final Set<String> FIELDS = Set.of(
            "slug",
            "title",
            "recipients",
            "goal",
            "milestones",
            "organiser",
            "closesAt",
            "language",
            "topics",
            "notice",
            "reminders");

    private FrontMatterParser() {}

    static Map<String, Object> read(String text) {
        int end = text.indexOf("\n---", 3);
        if (end < 0) {
            throw new UserException("The front matter does not end. Add a line with --- after it.");
        }
        int statement = text.indexOf('\n', end + 1);
        Map<String, Object> petition = new LinkedHashMap<>(yaml(text.substring(4, end + 1)));
        for (String field : petition.keySet()) {
            if (!FIELDS.contains(field)) {
                throw new UserException("The front matter has the unknown field '" + field + "'. Known fields: "
                        + String.join(", ", new TreeSet<>(FIELDS)) + ".");
            }
        }
        petition.computeIfPresent(
                "closesAt",
                (field, value) -> value instanceof Date date
                        ? Instant.ofEpochMilli(date.getTime()).toString()
                        : value);
        petition.put("statement", statement < 0 ? "" : text.substring(statement).strip());
        return petition;
    }

    private static Map<String, Object> yaml(String text) {
        Object loaded;
        try {
            loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (MarkedYAMLException e) {
            throw new UserException("The front matter is not YAML. Line "
                    + (e.getProblemMark().getLine() + 2) + ": " + e.getProblem() + ".");
        } catch (ReaderException e) {
            throw new UserException("The front matter contains the character U+%04X, which YAML does not allow."
                    .formatted(e.getCodePoint()));
        } catch (YAMLException | IllegalArgumentException e) {
            throw new UserException(
                    "The front matter is not YAML: " + e.getClass().getSimpleName() + ".");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        if (loaded instanceof Map<?, ?> map) {
            map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        } else if (loaded != null) {
            throw new UserException("The front matter must consist of fields such as title: and goal:");
        }
        return fields;
    }
}
