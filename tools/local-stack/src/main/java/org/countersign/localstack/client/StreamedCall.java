package org.countersign.localstack.client;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A long operation of a service, whose progress this class shows. */
public final class StreamedCall {

    private final String service;
    private final int port;
    private final Optional<String> credentials;
    private final ProgressBar progress;
    private @Nullable JsonNode end;

    /**
     * Creates a call.
     *
     * @param service the service's name in messages, for example "signature service"
     * @param port the service's port
     */
    public StreamedCall(String service, int port, Optional<String> credentials, ProgressBar progress) {
        this.service = service;
        this.port = port;
        this.credentials = credentials;
        this.progress = progress;
    }

    /**
     * Runs the operation until its end.
     *
     * @param method GET or POST
     * @param path the path of the operation
     * @param finding receives each finding
     * @return the last line with the summary
     * @throws UserException if the operation failed, or the response ended early
     */
    public JsonNode run(String method, String path, Consumer<JsonNode> finding) {
        new ApiClient().lines(port, method, path, credentials, line -> {
            switch (line.path("is").asString("")) {
                case "progress" ->
                    show(line.path("reached").asLong(), line.path("of").asLong());
                case "failed" -> throw new UserException(line.path("reason").asString());
                case "end" -> end = line;
                default -> finding.accept(line);
            }
        });
        progress.end();
        if (end == null) {
            throw new UserException("The " + service + " ended the response early. See its log.");
        }
        return end;
    }

    private void show(long reached, long of) {
        progress.show((double) reached / Math.max(1, of), "%,d of %,d events".formatted(reached, of));
    }
}
