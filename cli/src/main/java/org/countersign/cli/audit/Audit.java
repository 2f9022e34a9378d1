package org.countersign.cli.audit;

import java.util.function.Consumer;
import org.countersign.cli.Api;
import org.countersign.cli.Ports;
import org.countersign.cli.ProgressBar;
import org.countersign.cli.UserException;
import tools.jackson.databind.JsonNode;

/** An audit that the signature service makes while this command shows how far it has come. */
final class Audit {

    private final Ports ports;
    private final ProgressBar progress;
    private JsonNode end;

    Audit(Ports ports, ProgressBar progress) {
        this.ports = ports;
        this.progress = progress;
    }

    /**
     * Makes the audit.
     *
     * @param path    what is asked of the service
     * @param finding is given each finding
     * @return the last line, which sums it up
     * @throws UserException if it could not be made, or was broken off
     */
    JsonNode run(String path, Consumer<JsonNode> finding) {
        new Api().lines(ports.signatureService(), path, Api.auditor(), line -> {
            switch (line.path("is").asString("")) {
                case "progress" -> show(line.path("reached").asLong(), line.path("of").asLong());
                case "failed" -> throw new UserException(line.path("reason").asString());
                case "end" -> end = line;
                default -> finding.accept(line);
            }
        });
        progress.end();
        if (end == null) {
            throw new UserException("The signature service broke off. Its log says why.");
        }
        return end;
    }

    private void show(long reached, long of) {
        progress.show((double) reached / Math.max(1, of), "%,d of %,d events".formatted(reached, of));
    }
}
