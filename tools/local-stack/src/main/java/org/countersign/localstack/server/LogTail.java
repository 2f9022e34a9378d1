package org.countersign.localstack.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log, for an error message that remains after the log is deleted. */
public final class LogTail {

    private static final int LINES = 40;

    private LogTail() {}

    /** Returns the last 40 lines of a log, or why it cannot be read. */
    public static String of(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
