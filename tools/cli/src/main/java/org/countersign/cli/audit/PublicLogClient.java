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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a transparency log, the petitions beside it and the counter over their public HTTP interfaces. */
final class PublicLogClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String log;
    private final String counter;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    PublicLogClient(String log, String counter) {
        this.log = log.replaceFirst("/+$", "");
        this.counter = counter.replaceFirst("/+$", "");
    }

    /** Returns the key that the log serves. */
    String key() {
        return text(get(log + "/key"));
    }

    /** Returns the signed head of the log. */
    SignedNote head() {
        return SignedNote.parse(text(get(log + "/checkpoint")));
    }

    /** Returns the entries under a tile. Each entry follows its length in two bytes. */
    byte[] entries(Tile tile) {
        return get(log + "/tile/" + tile.entriesPath());
    }

    /** Returns the counter's counts of a petition, or empty if the counter does not know the petition. */
    Optional<JsonNode> counts(String petition) {
        return json(counter + "/api/petitions/" + petition + "/counts");
    }

    /** Returns a petition as the service shows it, or empty if the service does not know it. */
    Optional<JsonNode> petition(String petition) {
        return json(log.replaceFirst("/log$", "") + "/api/petitions/" + petition);
    }

    private Optional<JsonNode> json(String url) {
        HttpResponse<byte[]> response = call(url);
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(require(url, response)));
        } catch (JacksonException e) {
            throw new UserException(url + " does not answer JSON.");
        }
    }

    private byte[] get(String url) {
        return require(url, call(url));
    }

    private static byte[] require(String url, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new UserException(url + " answers " + response.statusCode() + ".");
        }
        return response.body();
    }

    private HttpResponse<byte[]> call(String url) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UserException("No response from " + url + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
