package org.countersign.cli;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the link that makes the first operator. */
@Command(
        name = "operator-link",
        mixinStandardHelpOptions = true,
        description = {
            "Print a one-time link that makes the first operator of the installation.",
            "It is good for a day, and only while nobody operates the installation. A newer link ends an older one.",
            "Needs COUNTERSIGN_INTERNAL_PASSWORD, or the data directory of the local stack."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class OperatorLinkCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Mixin
    private Ports ports;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".countersign",
            description = "Directory of the local stack (${DEFAULT-VALUE}).")
    private Path data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + ports.signatureServiceManagement() + "/internal/operator-link"))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + secret())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            String link = ApiClient.require(200, new ApiClient.ApiResponse(response.statusCode(), response.body()))
                    .json()
                    .path("link")
                    .asString();
            spec.commandLine().getOut().println(link);
            return 0;
        } catch (IOException e) {
            throw new UserException("No response on port " + ports.signatureServiceManagement()
                    + ". Start the stack with: countersign up");
        }
    }

    private String secret() {
        return Optional.ofNullable(System.getenv("COUNTERSIGN_INTERNAL_PASSWORD"))
                .filter(value -> !value.isEmpty())
                .or(this::stored)
                .orElseThrow(() -> new UserException("Set COUNTERSIGN_INTERNAL_PASSWORD to the secret of the services,"
                        + " or name the directory of the local stack with --data."));
    }

    private Optional<String> stored() {
        Path file = data.resolve("secrets.properties");
        Properties secrets = new Properties();
        if (Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                secrets.load(reader);
            } catch (IOException e) {
                throw new UserException("Cannot read " + file + ".");
            }
        }
        return Optional.ofNullable(secrets.getProperty("internal"));
    }
}
