package org.countersign.localstack.client;

import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Something that a service does while this command shows how far it has come. */
public final class StreamedCall {

    private final String service;
    private final int port;
    private final Optional<String> credentials;
    private final ProgressBar progress;
    private JsonNode end;

    /**
     * @param service what to call it in messages, for example "signature service"
     * @param port where it answers
     */
    public StreamedCall(String service, int port, Optional<String> credentials, ProgressBar progress) {
        this.service = service;
        this.port = port;
        this.credentials = credentials;
        this.progress = progress;
    }

    /**
     * Has it done.
     *
     * @param method GET or POST
     * @param path what is asked of the service
     * @param finding is given each finding
     * @return the last line, which sums it up
     * @throws UserException if it could not be done, or was broken off
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
            throw new UserException("The " + service + " broke off. Its log says why.");
        }
        return end;
    }

    private void show(long reached, long of) {
        progress.show((double) reached / Math.max(1, of), "%,d of %,d events".formatted(reached, of));
    }
}
