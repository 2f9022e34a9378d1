package org.countersign.cli.audit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A transparency log and the counter beside it, as anybody sees them. */
final class PublicLogClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String log;
    private final String counter;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    PublicLogClient(String log, String counter) {
        this.log = log.replaceFirst("/+$", "");
        this.counter = counter.replaceFirst("/+$", "");
    }

    /** The key that the log shows. */
    String key() {
        return text(get(log + "/key"));
    }

    SignedNote head() {
        return SignedNote.parse(text(get(log + "/checkpoint")));
    }

    /** The entries under a tile, each after its length in two bytes. */
    byte[] entries(Tile tile) {
        return get(log + "/tile/" + tile.entriesPath());
    }

    /** A petition's counts as the counter shows them; empty if it does not know the petition. */
    Optional<JsonNode> counts(String petition) {
        HttpResponse<byte[]> response = call(counter + "/api/petitions/" + petition + "/counts");
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(JSON.readTree(response.body()));
    }

    private byte[] get(String address) {
        HttpResponse<byte[]> response = call(address);
        if (response.statusCode() != 200) {
            throw new UserException(address + " answers " + response.statusCode() + ".");
        }
        return response.body();
    }

    private HttpResponse<byte[]> call(String address) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UserException("Nothing answers at " + address + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
